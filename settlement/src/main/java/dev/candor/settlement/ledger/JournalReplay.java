package dev.candor.settlement.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.ledger.SqlLedgerReader.PaymentRow;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs the journal's events over an empty ledger and says where one could not have happened. What stands at the end is what
 * the other tables must hold. Keeps every payment in memory, some hundred bytes each.
 */
final class JournalReplay {
    /** A payment as the journal tells it; {@code payload} is the SHA-256 of the stored text. */
    record Told(
            PaymentKey key,
            PaymentState state,
            BigInteger cap,
            BigInteger charged,
            long deadline,
            String body,
            String payload,
            String receipt,
            String transaction,
            String detail,
            long updatedAt) {
        Told moved(PaymentState to, String hash, String why, long at) {
            String known = hash != null || to == PaymentState.CHARGED ? hash : transaction;
            return new Told(key, to, cap, charged, deadline, body, payload, receipt, known, why, at);
        }

        Told charged(BigInteger amount, String id, long at) {
            return new Told(key, PaymentState.CHARGED, cap, amount, deadline, body, payload, id, transaction, null, at);
        }

        /** The row that the table {@code payments} must hold, with the payload's digest in the place of the payload. */
        PaymentRow row() {
            return new PaymentRow(key.id(), key.chainId(), key.payer().value(), key.nonce().toString(), state.name(), cap.toString(),
                    charged.toString(), deadline, body, payload, receipt, transaction, detail, updatedAt);
        }
    }

    private final Map<String, Told> payments = new HashMap<>();
    private final LedgerFaults faults;

    JournalReplay(LedgerFaults faults) {
        this.faults = faults;
    }

    Map<String, Told> payments() {
        return payments;
    }

    /** @param place how a fault names the entry */
    void play(String place, JsonNode entry) {
        try {
            switch (text(entry, "event")) {
                case JournalEntry.RESERVE -> reserve(place, entry);
                case JournalEntry.RELEASE -> release(place, entry);
                case JournalEntry.COMMIT -> commit(place, entry);
                case JournalEntry.MOVE -> move(place, entry);
                case JournalEntry.LEAF -> text(entry, "leaf");
                default -> faults.add(place + ": unknown event " + entry.get("event"));
            }
        } catch (IllegalArgumentException e) {
            faults.add(place + ": malformed: " + e.getMessage());
        }
    }

    private void reserve(String place, JsonNode entry) {
        PaymentKey key = new PaymentKey(
                number(entry, "chain_id"), new EvmAddress(text(entry, "payer")), new BigInteger(text(entry, "nonce")));
        String id = text(entry, "payment");
        if (!key.id().equals(id)) {
            faults.add(place + ": the payment " + id + " has the key of " + key.id());
        }
        Told before = payments.get(id);
        if (before != null && before.state() != PaymentState.RELEASED) {
            faults.add(place + ": the authorization of " + id + " was taken a second time while " + before.state());
        }
        payments.put(id, new Told(key, PaymentState.RESERVED, amount(entry, "cap"), BigInteger.ZERO, number(entry, "deadline"),
                text(entry, "body"), text(entry, "payload"), null, null, null, number(entry, "at")));
    }

    private void release(String place, JsonNode entry) {
        Told before = known(place, entry, PaymentState.RESERVED, "released");
        if (before != null) {
            payments.put(before.key().id(), before.moved(PaymentState.RELEASED, null, text(entry, "detail"), number(entry, "at")));
        }
    }

    private void commit(String place, JsonNode entry) {
        BigInteger charged = amount(entry, "charged");
        if (!entry.has("payment")) {
            if (charged.signum() != 0) {
                faults.add(place + ": an answer without payment was charged " + charged);
            }
            return;
        }
        Told before = known(place, entry, PaymentState.RESERVED, "charged");
        if (before == null) {
            return;
        }
        if (charged.compareTo(before.cap()) > 0) {
            faults.add(place + ": the payment " + before.key().id() + " was charged " + charged + ", over its cap of " + before.cap());
        }
        payments.put(before.key().id(), before.charged(charged, text(entry, "receipt"), number(entry, "at")));
    }

    private void move(String place, JsonNode entry) {
        PaymentState from = PaymentState.valueOf(text(entry, "from"));
        PaymentState to = PaymentState.valueOf(text(entry, "to"));
        Told before = known(place, entry, from, "moved to " + to);
        if (before == null) {
            return;
        }
        if (!from.leadsTo(to)) {
            faults.add(place + ": the payment " + before.key().id() + " went from " + from + " to " + to + ", which no payment may");
        }
        String transaction = optional(entry, "transaction");
        if (to == PaymentState.SETTLED && before.charged().signum() > 0 && transaction == null) {
            faults.add(place + ": the payment " + before.key().id() + " is settled without a transaction");
        }
        payments.put(before.key().id(), before.moved(to, transaction, optional(entry, "detail"), number(entry, "at")));
    }

    private Told known(String place, JsonNode entry, PaymentState wanted, String verb) {
        String id = text(entry, "payment");
        Told before = payments.get(id);
        if (before == null) {
            faults.add(place + ": the payment " + id + " was " + verb + " but never reserved");
        } else if (before.state() != wanted) {
            faults.add(place + ": the payment " + id + " was " + verb + " while " + before.state() + ", not " + wanted);
        }
        return before;
    }

    static String text(JsonNode entry, String member) {
        JsonNode value = entry.get(member);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("no text " + member);
        }
        return value.textValue();
    }

    static long number(JsonNode entry, String member) {
        JsonNode value = entry.get(member);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("no number " + member);
        }
        return value.longValue();
    }

    private static BigInteger amount(JsonNode entry, String member) {
        BigInteger amount = new BigInteger(text(entry, member));
        if (amount.signum() < 0) {
            throw new IllegalArgumentException(member + " is below zero");
        }
        return amount;
    }

    private static String optional(JsonNode entry, String member) {
        return entry.has(member) ? text(entry, member) : null;
    }
}
