package dev.candor.settlement.chain;

import static dev.candor.settlement.ledger.SqlStatements.prepare;
import static dev.candor.settlement.ledger.SqlStatements.update;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlSchema;
import dev.candor.settlement.ledger.SqlWork;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps one account's calls and the transactions made for them; a method returns when its change is on the disk. */
final class SqlOutboxStore {
    private static final String COLUMNS =
            "entry, target, call_data, state, nonce, tx, block_number, block_hash, lost_since, detail, updated_at";

    private final SqlDatabase database;
    private final long chainId;
    private final String account;
    private final Clock clock;

    SqlOutboxStore(SqlDatabase database, long chainId, EvmAddress account, Clock clock) {
        this.database = database;
        this.chainId = chainId;
        this.account = account.value();
        this.clock = clock;
        database.migrate(SqlSchema.fromResources("outbox", SqlOutboxStore.class, "outbox-1.sql"));
    }

    /** A transaction made for a call. */
    record Attempt(SignedTransaction transaction, Instant madeAt) {}

    /** Keeps a call; if there is one with this key, nothing is changed. */
    void add(String key, EvmAddress to, String call) {
        write(connection -> update(
                connection,
                "INSERT INTO outbox (entry, chain_id, account, seq, target, call_data, state, updated_at)"
                        + " SELECT ?, ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?, 'QUEUED', ? FROM outbox WHERE true"
                        + " ON CONFLICT (entry) DO NOTHING",
                key, chainId, account, to.value(), call, now()));
    }

    /** Keeps a call together with its transaction, as sent. */
    void addSent(String key, EvmAddress to, String call, SignedTransaction transaction) {
        write(connection -> {
            update(
                    connection,
                    "INSERT INTO outbox (entry, chain_id, account, seq, target, call_data, state, nonce, updated_at)"
                            + " SELECT ?, ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?, 'SENT', CAST(? AS BIGINT), ? FROM outbox",
                    key, chainId, account, to.value(), call, transaction.nonce(), now());
            return insertAttempt(connection, key, transaction);
        });
    }

    Optional<OutboxEntry> find(String key) {
        return database.read(connection -> query(connection, "WHERE entry = ?", key)).stream().findFirst();
    }

    /** At most {@code limit} calls in {@code state}, the oldest first. */
    List<OutboxEntry> inState(OutboxState state, int limit) {
        return database.read(connection -> query(
                connection,
                "WHERE chain_id = ? AND account = ? AND state = ? ORDER BY seq LIMIT ?",
                chainId, account, state.name(), limit));
    }

    int count(OutboxState state) {
        return database.read(connection -> {
            try (PreparedStatement query = prepare(
                            connection,
                            "SELECT COUNT(*) FROM outbox WHERE chain_id = ? AND account = ? AND state = ?",
                            chainId, account, state.name());
                    ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    /** Transactions made for a call with its present nonce, the newest first. */
    List<Attempt> attempts(OutboxEntry entry) {
        return database.read(connection -> {
            try (PreparedStatement query = prepare(
                            connection,
                            "SELECT tx, nonce, raw, max_fee, tip, made_at FROM outbox_attempts WHERE entry = ? AND nonce = ?"
                                    + " ORDER BY made_at DESC",
                            entry.key(), entry.nonce().orElse(-1));
                    ResultSet row = query.executeQuery()) {
                List<Attempt> attempts = new ArrayList<>();
                while (row.next()) {
                    Fees fees = new Fees(new BigInteger(row.getString(4)), new BigInteger(row.getString(5)));
                    attempts.add(new Attempt(
                            new SignedTransaction(row.getString(1), row.getString(3), row.getLong(2), fees),
                            Instant.ofEpochMilli(row.getLong(6))));
                }
                return attempts;
            }
        });
    }

    /** Gives a queued call its first transaction with a nonce; false, with nothing kept, if it is not queued any more. */
    boolean markSent(OutboxEntry entry, SignedTransaction transaction) {
        return write(connection -> {
            boolean queued = update(
                            connection,
                            "UPDATE outbox SET state = 'SENT', nonce = ?, lost_since = NULL, updated_at = ?"
                                    + " WHERE entry = ? AND state = 'QUEUED'",
                            transaction.nonce(), now(), entry.key())
                    == 1;
            if (queued) {
                insertAttempt(connection, entry.key(), transaction);
            }
            return queued;
        });
    }

    /** Ends a queued call before it is sent; false, with nothing changed, if it is not queued any more. */
    boolean withdraw(String key, String detail) {
        return write(connection -> update(
                        connection,
                        "UPDATE outbox SET state = 'REFUSED', call_data = '0x', detail = ?, updated_at = ?"
                                + " WHERE entry = ? AND state = 'QUEUED'",
                        detail, now(), key)
                == 1);
    }

    /** Keeps a transaction that replaces the call's earlier ones. */
    void addAttempt(OutboxEntry entry, SignedTransaction transaction) {
        write(connection -> insertAttempt(connection, entry.key(), transaction));
    }

    void markMined(OutboxEntry entry, TransactionResult result) {
        write(connection -> update(
                connection,
                "UPDATE outbox SET state = 'MINED', tx = ?, block_number = ?, block_hash = ?, lost_since = NULL, updated_at = ?"
                        + " WHERE entry = ?",
                result.hash(), result.blockNumber(), result.blockHash(), now(), entry.key()));
    }

    /** Its block is gone: it waits to be mined again. */
    void markUnmined(OutboxEntry entry) {
        write(connection -> update(
                connection,
                "UPDATE outbox SET state = 'SENT', tx = NULL, block_number = NULL, block_hash = NULL, updated_at = ?"
                        + " WHERE entry = ?",
                now(), entry.key()));
    }

    void markLost(OutboxEntry entry, OptionalLong since) {
        write(connection -> update(
                connection,
                "UPDATE outbox SET lost_since = CAST(? AS BIGINT), updated_at = ? WHERE entry = ?",
                since.isPresent() ? since.getAsLong() : null, now(), entry.key()));
    }

    /** Takes its nonce away: it is to be signed anew. */
    void requeue(OutboxEntry entry, String why) {
        write(connection -> {
            update(connection, "DELETE FROM outbox_attempts WHERE entry = ?", entry.key());
            return update(
                    connection,
                    "UPDATE outbox SET state = 'QUEUED', nonce = NULL, tx = NULL, block_number = NULL, block_hash = NULL,"
                            + " lost_since = NULL, detail = ?, updated_at = ? WHERE entry = ?",
                    why, now(), entry.key());
        });
    }

    /** Ends a call; its transactions and its data are of no more use. */
    void finish(OutboxEntry entry, OutboxState state, Optional<String> detail) {
        write(connection -> {
            update(connection, "DELETE FROM outbox_attempts WHERE entry = ?", entry.key());
            return update(
                    connection,
                    "UPDATE outbox SET state = ?, call_data = '0x', detail = ?, updated_at = ? WHERE entry = ?",
                    state.name(), detail.orElse(null), now(), entry.key());
        });
    }

    /** The hash of the chain's first block when it was last seen. */
    Optional<String> genesis() {
        return database.read(connection -> {
            try (PreparedStatement query =
                            prepare(connection, "SELECT genesis FROM outbox_chains WHERE chain_id = ?", chainId);
                    ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        });
    }

    void setGenesis(String hash) {
        write(connection -> update(
                connection,
                "INSERT INTO outbox_chains (chain_id, genesis) VALUES (?, ?)"
                        + " ON CONFLICT (chain_id) DO UPDATE SET genesis = excluded.genesis",
                chainId, hash));
    }

    private int insertAttempt(Connection connection, String key, SignedTransaction transaction) throws SQLException {
        return update(
                connection,
                "INSERT INTO outbox_attempts (tx, entry, nonce, raw, max_fee, tip, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (tx) DO NOTHING",
                transaction.hash(), key, transaction.nonce(), transaction.raw(),
                transaction.fees().maxFee().toString(), transaction.fees().tip().toString(), now());
    }

    private long now() {
        return clock.millis();
    }

    private <T> T write(SqlWork<T> work) {
        return SqlDatabase.await(database.write(work));
    }

    private static List<OutboxEntry> query(Connection connection, String where, Object... values) throws SQLException {
        List<OutboxEntry> entries = new ArrayList<>();
        try (PreparedStatement query = prepare(connection, "SELECT " + COLUMNS + " FROM outbox " + where, values);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                entries.add(new OutboxEntry(
                        row.getString(1),
                        new EvmAddress(row.getString(2)),
                        row.getString(3),
                        OutboxState.valueOf(row.getString(4)),
                        number(row, 5),
                        Optional.ofNullable(row.getString(6)),
                        number(row, 7),
                        Optional.ofNullable(row.getString(8)),
                        number(row, 9),
                        Optional.ofNullable(row.getString(10)),
                        Instant.ofEpochMilli(row.getLong(11))));
            }
        }
        return entries;
    }

    private static OptionalLong number(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
