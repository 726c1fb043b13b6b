package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The ledger in SQL tables; every change also goes to a hash-chained journal in the same transaction. */
public final class SqlLedger implements Ledger {
    private static final SqlSchema SCHEMA = SqlSchema.fromResources("ledger", SqlLedger.class, "ledger-1.sql");

    private final SqlDatabase database;
    private final Clock clock;

    /** Uses the tables in {@code database}, creating them where missing; {@link #close} closes the database. */
    public SqlLedger(SqlDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
        database.migrate(SCHEMA);
    }

    @Override
    public CompletableFuture<ReserveOutcome> reserve(Reservation reservation, BigInteger payerLimit, BigInteger totalLimit) {
        return database.write(connection -> {
            Payment before = SqlPayments.find(connection, reservation.key().id()).orElse(null);
            if (before != null && before.state() != PaymentState.RELEASED) {
                return new ReserveOutcome.Taken(before);
            }
            Optional<ReserveOutcome> refused = overLimit(connection, reservation, payerLimit, totalLimit);
            if (refused.isPresent()) {
                return refused.get();
            }
            Instant now = clock.instant();
            Payment after = new Payment(reservation.key(), PaymentState.RESERVED, reservation.cap(), BigInteger.ZERO,
                    reservation.deadline(), reservation.bodyDigest(), reservation.payloadJson(), Optional.empty(), Optional.empty(),
                    Optional.empty(), now);
            SqlPayments.put(connection, before, after);
            SqlJournal.append(connection, now, JournalEntry.reserve(reservation));
            return new ReserveOutcome.Reserved();
        });
    }

    private static Optional<ReserveOutcome> overLimit(
            Connection connection, Reservation reservation, BigInteger payerLimit, BigInteger totalLimit) throws SQLException {
        EvmAddress payer = reservation.key().payer();
        BigInteger ofPayer = SqlSums.get(connection, SqlSums.payer(payer)).add(reservation.cap());
        if (ofPayer.compareTo(payerLimit) > 0) {
            return Optional.of(new ReserveOutcome.OverLimit(ReserveOutcome.Bound.PAYER,
                    "unsettled payments of " + payer + " would sum to " + ofPayer + ", its balance and allowance carry " + payerLimit));
        }
        BigInteger ofAll = SqlSums.get(connection, SqlSums.CAPS).add(reservation.cap());
        if (ofAll.compareTo(totalLimit) > 0) {
            return Optional.of(new ReserveOutcome.OverLimit(ReserveOutcome.Bound.TOTAL,
                    "all unsettled payments would sum to " + ofAll + ", the node risks at most " + totalLimit));
        }
        return Optional.empty();
    }

    @Override
    public CompletableFuture<Void> release(PaymentKey key, String reason) {
        return database.write(connection -> {
            release(connection, held(connection, key), reason);
            return null;
        });
    }

    private void release(Connection connection, Payment held, String reason) throws SQLException {
        Instant now = clock.instant();
        SqlPayments.put(connection, held, held.moved(PaymentState.RELEASED, Optional.empty(), Optional.of(reason), now));
        SqlJournal.append(connection, now, JournalEntry.release(held.key(), reason));
    }

    @Override
    public CompletableFuture<Long> commit(ReceiptCommit commit) {
        return database.write(connection -> {
            Instant now = clock.instant();
            Optional<Payment> held = Optional.empty();
            if (commit.payment().isPresent()) {
                held = Optional.of(held(connection, commit.payment().get()));
            }
            checkCharge(commit, held);
            if (SqlReceipts.find(connection, commit.receipt()).isPresent()) {
                throw new LedgerException("the receipt " + commit.receipt() + " is in the ledger already", null);
            }
            if (held.isPresent()) {
                SqlPayments.put(connection, held.get(), held.get().charged(commit.charged(), commit.receipt(), now));
            }
            long index = SqlReceipts.appendLeaf(connection, commit.leaf());
            SqlReceipts.insert(connection, commit, index);
            SqlJournal.append(connection, now, JournalEntry.commit(commit, index));
            return index;
        });
    }

    private static void checkCharge(ReceiptCommit commit, Optional<Payment> held) {
        BigInteger cap = held.map(Payment::cap).orElse(BigInteger.ZERO);
        if (commit.charged().signum() < 0 || commit.charged().compareTo(cap) > 0) {
            throw new LedgerException("a charge of " + commit.charged() + " is over the cap of " + cap, null);
        }
    }

    private static Payment held(Connection connection, PaymentKey key) throws SQLException {
        Payment payment = SqlPayments.find(connection, key.id())
                .orElseThrow(() -> new LedgerException("there is no payment " + key.id(), null));
        if (payment.state() != PaymentState.RESERVED) {
            throw new LedgerException("the payment " + key.id() + " is " + payment.state() + ", not reserved", null);
        }
        return payment;
    }

    @Override
    public CompletableFuture<Long> appendLeaf(byte[] leaf) {
        return database.write(connection -> {
            long index = SqlReceipts.appendLeaf(connection, leaf);
            SqlJournal.append(connection, clock.instant(), JournalEntry.leaf(leaf, index));
            return index;
        });
    }

    @Override
    public int recover() {
        return SqlDatabase.await(database.write(connection -> {
            List<Payment> left = SqlPayments.due(connection, PaymentState.RESERVED, Integer.MAX_VALUE);
            for (Payment payment : left) {
                release(connection, payment, "the node stopped before it had answered");
            }
            return left.size();
        }));
    }

    @Override
    public CompletableFuture<Boolean> transition(
            PaymentKey key, PaymentState from, PaymentState to, Optional<String> transaction, Optional<String> detail) {
        if (!from.leadsTo(to)) {
            throw new IllegalArgumentException("a payment does not go from " + from + " to " + to);
        }
        return database.write(connection -> {
            Payment before = SqlPayments.find(connection, key.id()).orElse(null);
            if (before == null || before.state() != from) {
                return false;
            }
            if (to == PaymentState.SETTLED && before.charged().signum() > 0 && transaction.isEmpty()) {
                throw new LedgerException("the payment " + key.id() + " is only settled by a transaction", null);
            }
            Instant now = clock.instant();
            SqlPayments.put(connection, before, before.moved(to, transaction, detail, now));
            SqlJournal.append(connection, now, JournalEntry.move(key, from, to, transaction, detail));
            return true;
        });
    }

    @Override
    public Optional<Payment> payment(PaymentKey key) {
        return payment(key.id());
    }

    @Override
    public Optional<Payment> payment(String paymentId) {
        return database.read(connection -> SqlPayments.find(connection, paymentId));
    }

    @Override
    public Optional<StoredReceipt> receipt(ReceiptId id) {
        return database.read(connection -> SqlReceipts.find(connection, id));
    }

    @Override
    public List<byte[]> leaves(long from, int limit) {
        return database.read(connection -> SqlReceipts.leaves(connection, from, limit));
    }

    @Override
    public long leafCount() {
        return database.read(SqlReceipts::leafCount);
    }

    @Override
    public List<Payment> due(PaymentState state, int limit) {
        return database.read(connection -> SqlPayments.due(connection, state, limit));
    }

    @Override
    public List<Payment> recent(PaymentState state, Instant since, int limit) {
        return database.read(connection -> SqlPayments.recent(connection, state, since, limit));
    }

    @Override
    public BigInteger settledSince(EvmAddress payer, Instant since) {
        return database.read(connection -> SqlPayments.settledSince(connection, payer, since));
    }

    @Override
    public LedgerTotals totals() {
        return database.read(SqlSums::totals);
    }

    @Override
    public void close() {
        database.close();
    }
}
