package dev.candor.settlement.ledger;

import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Everything that one delivered answer writes, in one durable transaction.
 *
 * @param payment the reserved payment, absent for a free answer
 * @param charged atomic units, at most the reservation's cap
 * @param cose    the signed receipt
 * @param leaf    the log entry's bytes
 */
public record ReceiptCommit(Optional<PaymentKey> payment, BigInteger charged, ReceiptId receipt, byte[] cose, byte[] leaf) {}
