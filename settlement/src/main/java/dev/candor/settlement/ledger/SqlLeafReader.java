package dev.candor.settlement.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The leaves of a ledger file as they were at the first read; takes no writer's lock. Not thread-safe. */
public final class SqlLeafReader implements LeafSource, AutoCloseable {
    private final Connection connection;

    private SqlLeafReader(Connection connection) {
        this.connection = connection;
    }

    /** @throws LedgerException if there is no ledger in the file */
    public static SqlLeafReader open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new LedgerException("there is no ledger at " + file, null);
        }
        try {
            Connection connection = SqlConnector.Sqlite.unlocked(file).reader();
            connection.setAutoCommit(false);
            return new SqlLeafReader(connection);
        } catch (SQLException e) {
            throw new LedgerException("cannot read the ledger " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<byte[]> leaves(long from, int limit) {
        try {
            return SqlReceipts.leaves(connection, from, limit);
        } catch (SQLException e) {
            throw new LedgerException("cannot read the ledger's leaves: " + e.getMessage(), e);
        }
    }

    @Override
    public long leafCount() {
        try {
            return SqlReceipts.leafCount(connection);
        } catch (SQLException e) {
            throw new LedgerException("cannot read the ledger's leaves: " + e.getMessage(), e);
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
