package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The durable journal of payments, receipts and log entries. Writes go through one writer and are committed in groups; a
 * future completes only when its write has reached the disk, and completes exceptionally with {@link LedgerException}
 * when it did not. Thread-safe.
 */
public interface Ledger extends LeafSource, AutoCloseable {
    /**
     * Takes an authorization for one request, at most once.
     *
     * @param payerLimit what the payer's unsettled caps, this one included, may sum to
     * @param totalLimit what all unsettled caps may sum to
     */
    CompletableFuture<ReserveOutcome> reserve(Reservation reservation, BigInteger payerLimit, BigInteger totalLimit);

    /** Gives a reservation up without charge; the future fails if the payment is not RESERVED. */
    CompletableFuture<Void> release(PaymentKey key, String reason);

    /**
     * Writes the receipt, its log entry and the charge; the result is the entry's gap-free index. The future fails if the
     * payment is not RESERVED, the charge is over its cap, or the receipt id is taken.
     */
    CompletableFuture<Long> commit(ReceiptCommit commit);

    /** Appends a log entry that belongs to no inference, such as a key statement. */
    CompletableFuture<Long> appendLeaf(byte[] leaf);

    /** Releases what a crash left reserved; returns how many. To be called once, before requests are taken. */
    int recover();

    Optional<Payment> payment(PaymentKey key);

    Optional<Payment> payment(String paymentId);

    Optional<StoredReceipt> receipt(ReceiptId id);

    /** At most {@code limit} payments in {@code state}, oldest deadline first. */
    List<Payment> due(PaymentState state, int limit);

    /** At most {@code limit} payments in {@code state} that got there at {@code since} or later, the newest first. */
    List<Payment> recent(PaymentState state, Instant since, int limit);

    /**
     * Moves a payment on; false if it was not in {@code from}.
     *
     * @throws IllegalArgumentException if {@link PaymentState#leadsTo} says no
     */
    CompletableFuture<Boolean> transition(
            PaymentKey key, PaymentState from, PaymentState to, Optional<String> transaction, Optional<String> detail);

    /** What {@code payer} was charged in payments that became SETTLED at {@code since} or later. */
    BigInteger settledSince(EvmAddress payer, Instant since);

    LedgerTotals totals();

    @Override
    void close();
}
