package dev.candor.settlement.ledger;

import dev.candor.settlement.ledger.JournalReplay.Told;
import java.math.BigInteger;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The sums of a ledger added up from its payments, to be held against the running ones. */
record LedgerSums(Map<PaymentState, Long> states, LedgerTotals totals, Map<String, String> rows) {
    static LedgerSums of(Collection<Told> payments, long receipts) {
        Map<PaymentState, Long> states = new EnumMap<>(PaymentState.class);
        Map<String, BigInteger> sums = new TreeMap<>();
        for (Told payment : payments) {
            states.merge(payment.state(), 1L, Long::sum);
            if (payment.state().unsettled()) {
                sums.merge(SqlSums.CAPS, payment.cap(), BigInteger::add);
                sums.merge(SqlSums.payer(payment.key().payer()), payment.cap(), BigInteger::add);
            }
            SqlSums.nameOf(payment.state()).ifPresent(name -> sums.merge(name,
                    payment.state() == PaymentState.RESERVED ? payment.cap() : payment.charged(), BigInteger::add));
        }
        sums.merge(SqlSums.RECEIPTS, BigInteger.valueOf(receipts), BigInteger::add);
        Map<String, String> rows = new TreeMap<>();
        sums.forEach((name, sum) -> {
            if (sum.signum() != 0) {
                rows.put(name, sum.toString());
            }
        });
        return new LedgerSums(states, SqlSums.totals(sums), rows);
    }

    /** Names every running sum that is not what the payments add up to. */
    void compare(Map<String, String> held, LedgerFaults faults) {
        Map<String, String> all = new TreeMap<>(rows);
        all.putAll(held);
        for (String name : all.keySet()) {
            String want = rows.getOrDefault(name, "0");
            String have = held.getOrDefault(name, "0");
            if (!want.equals(have)) {
                faults.add("the sum " + name + " is " + have + ", the payments add up to " + want);
            }
        }
    }
}
