package dev.candor.settlement.ledger;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * What an audit found.
 *
 * @param entries    journal entries read
 * @param head       hash of the last journal entry: it stands for the whole ledger and can be noted elsewhere
 * @param leaves     log entries
 * @param receipts   receipts
 * @param payments   how many payments are in each state
 * @param totals     the sums, added up anew from the payments
 * @param writtenOff at most a hundred payments that were charged and will never be paid, in words
 * @param faults     what is wrong, in words; empty if the ledger is sound
 */
public record LedgerAuditReport(
        long entries,
        String head,
        long leaves,
        long receipts,
        Map<PaymentState, Long> payments,
        LedgerTotals totals,
        List<String> writtenOff,
        List<String> faults) {
    public LedgerAuditReport {
        payments = Map.copyOf(payments);
        writtenOff = List.copyOf(writtenOff);
        faults = List.copyOf(faults);
    }

    public boolean sound() {
        return faults.isEmpty();
    }

    /** What was charged altogether, settled or not. */
    public BigInteger charged() {
        return totals.unsettled().add(totals.settled()).add(totals.writtenOff());
    }
}
