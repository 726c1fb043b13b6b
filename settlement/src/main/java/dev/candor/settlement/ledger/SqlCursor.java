package dev.candor.settlement.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Rows of one query, read one after the other. */
final class SqlCursor<T> implements AutoCloseable {
    private static final int FETCH = 500;

    /** Makes a value of the row a result set stands on. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final PreparedStatement statement;
    private final ResultSet rows;
    private final Row<T> row;

    SqlCursor(Connection connection, String sql, Row<T> row) throws SQLException {
        this.statement = connection.prepareStatement(sql);
        statement.setFetchSize(FETCH);
        this.rows = statement.executeQuery();
        this.row = row;
    }

    /** The next row; empty after the last. */
    Optional<T> next() {
        try {
            return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
        } catch (SQLException e) {
            throw new LedgerException("cannot read on in the ledger: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            rows.close();
            statement.close();
        } catch (SQLException e) {
            throw new LedgerException("cannot read the ledger: " + e.getMessage(), e);
        }
    }
}
