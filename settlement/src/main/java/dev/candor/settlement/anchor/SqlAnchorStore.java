package dev.candor.settlement.anchor;

import static dev.candor.settlement.ledger.SqlStatements.prepare;
import static dev.candor.settlement.ledger.SqlStatements.update;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.settlement.chain.AnchorEvent;
import dev.candor.settlement.chain.TransactionResult;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlSchema;
import dev.candor.settlement.ledger.SqlWork;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the anchors of one account at one contract; a method returns when its change is on the disk. Thread-safe. */
public final class SqlAnchorStore {
    private static final String CONFIRMED_COLUMNS =
            "SELECT log_size, root, checkpoint, tx, block_number, anchor_index, head, made_at FROM anchors";
    private static final String MINE = " WHERE chain_id = ? AND contract = ? AND account = ? AND state = ?";

    private final SqlDatabase database;
    private final long chainId;
    private final EvmAddress contract;
    private final EvmAddress account;

    public SqlAnchorStore(SqlDatabase database, long chainId, EvmAddress contract, EvmAddress account) {
        this.database = database;
        this.chainId = chainId;
        this.contract = contract;
        this.account = account;
        database.migrate(SqlSchema.fromResources("anchors", SqlAnchorStore.class, "anchors-1.sql"));
    }

    /** The first confirmed anchor whose log holds leaf {@code leafIndex}. */
    public Optional<Anchor> covering(long leafIndex) {
        return confirmed(" AND log_size > ? ORDER BY log_size LIMIT 1", leafIndex);
    }

    /** The newest confirmed anchor. */
    public Optional<Anchor> last() {
        return confirmed(" ORDER BY log_size DESC LIMIT 1");
    }

    /** The anchor that waits for the chain, if any. */
    Optional<PendingAnchor> pending() {
        return database.read(connection -> {
            try (PreparedStatement query = prepare(
                            connection,
                            "SELECT entry, log_size, root, made_at FROM anchors" + MINE + " ORDER BY log_size LIMIT 1",
                            mine("PENDING"));
                    ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new PendingAnchor(
                                row.getString(1), row.getLong(2), new Digest(row.getString(3)), Instant.ofEpochMilli(row.getLong(4))))
                        : Optional.empty();
            }
        });
    }

    void addPending(String key, SignedCheckpoint checkpoint, Instant now) {
        write(connection -> update(
                connection,
                "INSERT INTO anchors (entry, chain_id, contract, account, state, log_size, root, checkpoint, made_at)"
                        + " VALUES (?, ?, ?, ?, 'PENDING', ?, ?, ?, ?) ON CONFLICT (entry) DO NOTHING",
                key, chainId, contract.value(), account.value(), checkpoint.size(),
                checkpoint.checkpoint().root().hex(), checkpoint.text(), now.toEpochMilli()));
    }

    void confirm(String key, TransactionResult result, AnchorEvent event) {
        write(connection -> update(
                connection,
                "UPDATE anchors SET state = 'CONFIRMED', tx = ?, block_number = ?, anchor_index = ?, head = ? WHERE entry = ?",
                result.hash(), result.blockNumber(), event.index(), event.head(), key));
    }

    void fail(String key, String why) {
        write(connection -> update(
                connection, "UPDATE anchors SET state = 'FAILED', detail = ? WHERE entry = ?", why, key));
    }

    /** The chain was begun anew or took blocks back: what was confirmed is so no more. */
    void voidAll() {
        write(connection -> update(
                connection,
                "UPDATE anchors SET state = 'VOID', detail = 'the chain does not have it any more'" + MINE,
                mine("CONFIRMED")));
    }

    /** How many anchors were ever tried, so that each gets a key of its own. */
    long count() {
        return database.read(connection -> {
            try (PreparedStatement query = prepare(connection, "SELECT COUNT(*) FROM anchors");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private Optional<Anchor> confirmed(String rest, Object... more) {
        List<Object> values = new ArrayList<>(List.of(mine("CONFIRMED")));
        values.addAll(List.of(more));
        return database.read(connection -> {
            try (PreparedStatement query = prepare(connection, CONFIRMED_COLUMNS + MINE + rest, values.toArray());
                    ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(anchor(row)) : Optional.empty();
            }
        });
    }

    private Anchor anchor(ResultSet row) throws SQLException {
        return new Anchor(
                chainId,
                contract,
                account,
                row.getLong(1),
                new Digest(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                row.getString(7),
                Instant.ofEpochMilli(row.getLong(8)));
    }

    private Object[] mine(String state) {
        return new Object[] {chainId, contract.value(), account.value(), state};
    }

    private <T> void write(SqlWork<T> work) {
        SqlDatabase.await(database.write(work));
    }
}
