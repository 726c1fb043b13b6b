package dev.candor.settlement.ledger;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * A payment as the ledger holds it.
 *
 * @param cap         atomic units the payer signed at most
 * @param charged     atomic units to settle; zero until CHARGED
 * @param deadline    when the authorization lapses
 * @param bodyDigest  SHA-256 of the request body it bought
 * @param payloadJson the signed {@link dev.candor.settlement.x402.PaymentPayload}, needed to settle
 * @param receipt     set from CHARGED on
 * @param transaction hash of the settlement, set when SETTLED with a transaction
 * @param detail      why it was released or written off
 */
public record Payment(
        PaymentKey key,
        PaymentState state,
        BigInteger cap,
        BigInteger charged,
        Instant deadline,
        Digest bodyDigest,
        String payloadJson,
        Optional<ReceiptId> receipt,
        Optional<String> transaction,
        Optional<String> detail,
        Instant updatedAt) {
    /** This payment in another state; a transaction already known stays where none is given, unless settlement begins anew. */
    Payment moved(PaymentState to, Optional<String> hash, Optional<String> why, Instant now) {
        Optional<String> known = to == PaymentState.CHARGED ? hash : hash.or(() -> transaction);
        return new Payment(key, to, cap, charged, deadline, bodyDigest, payloadJson, receipt, known, why, now);
    }

    /** This payment with its receipt committed. */
    Payment charged(BigInteger amount, ReceiptId id, Instant now) {
        return new Payment(key, PaymentState.CHARGED, cap, amount, deadline, bodyDigest, payloadJson, Optional.of(id),
                transaction, Optional.empty(), now);
    }
}
