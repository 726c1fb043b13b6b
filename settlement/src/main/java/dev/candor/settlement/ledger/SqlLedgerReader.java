package dev.candor.settlement.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One unchanging view of a ledger's tables, for checking them: raw texts, since what is checked may hold anything. Takes no
 * writer's lock, so a running node does not hinder it, nor it the node.
 */
final class SqlLedgerReader implements AutoCloseable {
    record JournalRow(long seq, String entry, String hash) {}

    record LeafRow(long index, byte[] leaf) {}

    record ReceiptRow(String id, String payment, long leaf, byte[] cose) {}

    record PaymentRow(
            String id,
            long chainId,
            String payer,
            String nonce,
            String state,
            String cap,
            String charged,
            long deadline,
            String body,
            String payload,
            String receipt,
            String transaction,
            String detail,
            long updatedAt) {
        PaymentRow withPayload(String other) {
            return new PaymentRow(id, chainId, payer, nonce, state, cap, charged, deadline, body, other, receipt, transaction, detail,
                    updatedAt);
        }
    }

    private final Connection connection;
    private final SqlDialect dialect;

    private SqlLedgerReader(Connection connection, SqlDialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** @throws LedgerException if there is no ledger in the file */
    static SqlLedgerReader open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new LedgerException("there is no ledger at " + file, null);
        }
        return open(SqlConnector.Sqlite.unlocked(file));
    }

    /** @param jdbcUrl {@code jdbc:postgresql:…} */
    static SqlLedgerReader open(String jdbcUrl) {
        return open(new SqlConnector.Postgres(jdbcUrl));
    }

    private static SqlLedgerReader open(SqlConnector connector) {
        try {
            Connection connection = connector.reader();
            connection.setAutoCommit(false);
            if (connector.dialect() == SqlDialect.POSTGRESQL) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            }
            return new SqlLedgerReader(connection, connector.dialect());
        } catch (SQLException e) {
            throw new LedgerException("cannot read the ledger " + connector.name() + ": " + e.getMessage(), e);
        }
    }

    SqlCursor<JournalRow> journal() {
        return cursor("SELECT seq, entry, hash FROM journal ORDER BY seq",
                row -> new JournalRow(row.getLong(1), row.getString(2), row.getString(3)));
    }

    SqlCursor<LeafRow> leaves() {
        return cursor("SELECT idx, leaf FROM leaves ORDER BY idx", row -> new LeafRow(row.getLong(1), row.getBytes(2)));
    }

    SqlCursor<ReceiptRow> receipts() {
        return cursor("SELECT id, payment, leaf, cose FROM receipts ORDER BY leaf",
                row -> new ReceiptRow(row.getString(1), row.getString(2), row.getLong(3), row.getBytes(4)));
    }

    SqlCursor<PaymentRow> payments() {
        return cursor("SELECT " + SqlPayments.COLUMNS + " FROM payments ORDER BY id", row -> new PaymentRow(
                row.getString("id"),
                row.getLong("chain_id"),
                row.getString("payer"),
                row.getString("nonce"),
                row.getString("state"),
                row.getString("cap"),
                row.getString("charged"),
                row.getLong("deadline"),
                row.getString("body_digest"),
                row.getString("payload"),
                row.getString("receipt"),
                row.getString("tx"),
                row.getString("detail"),
                row.getLong("updated_at")));
    }

    Map<String, String> sums() {
        Map<String, String> sums = new TreeMap<>();
        try (SqlCursor<Map.Entry<String, String>> rows =
                cursor("SELECT name, amount FROM sums", row -> Map.entry(row.getString(1), row.getString(2)))) {
            for (var row = rows.next(); row.isPresent(); row = rows.next()) {
                sums.put(row.get().getKey(), row.get().getValue());
            }
        }
        return sums;
    }

    /** What the database itself finds wrong with its file; nothing for PostgreSQL, which checks pages as it reads them. */
    List<String> damage() {
        if (dialect != SqlDialect.SQLITE) {
            return List.of();
        }
        List<String> damage = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check(20)")) {
            while (rows.next()) {
                if (!"ok".equals(rows.getString(1))) {
                    damage.add("the database file is damaged: " + rows.getString(1));
                }
            }
        } catch (SQLException e) {
            damage.add("the database file is damaged: " + e.getMessage());
        }
        return damage;
    }

    private <T> SqlCursor<T> cursor(String sql, SqlCursor.Row<T> row) {
        try {
            return new SqlCursor<>(connection, sql, row);
        } catch (SQLException e) {
            throw new LedgerException("cannot read the ledger: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            throw new LedgerException("cannot close the ledger: " + e.getMessage(), e);
        }
    }
}
