package dev.candor.settlement.ledger;

import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of the tables {@code leaves} and {@code receipts}. */
final class SqlReceipts {
    private SqlReceipts() {}

    static long leafCount(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT idx FROM leaves ORDER BY idx DESC LIMIT 1");
                ResultSet last = query.executeQuery()) {
            return last.next() ? last.getLong(1) + 1 : 0;
        }
    }

    /** Appends one leaf and returns its index, which is the next one free. */
    static long appendLeaf(Connection connection, byte[] leaf) throws SQLException {
        long index = leafCount(connection);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO leaves (idx, leaf) VALUES (?, ?)")) {
            insert.setLong(1, index);
            insert.setBytes(2, leaf);
            insert.executeUpdate();
        }
        return index;
    }

    static List<byte[]> leaves(Connection connection, long from, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT leaf FROM leaves WHERE idx >= ? ORDER BY idx LIMIT ?")) {
            query.setLong(1, from);
            query.setInt(2, limit);
            try (ResultSet rows = query.executeQuery()) {
                List<byte[]> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(rows.getBytes(1));
                }
                return found;
            }
        }
    }

    static void insert(Connection connection, ReceiptCommit commit, long leafIndex) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO receipts (id, payment, leaf, cose) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, commit.receipt().value());
            insert.setString(2, commit.payment().map(PaymentKey::id).orElse(null));
            insert.setLong(3, leafIndex);
            insert.setBytes(4, commit.cose());
            insert.executeUpdate();
        }
        SqlSums.add(connection, SqlSums.RECEIPTS, BigInteger.ONE);
    }

    static Optional<StoredReceipt> find(Connection connection, ReceiptId id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT cose, leaf FROM receipts WHERE id = ?")) {
            query.setString(1, id.value());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(new StoredReceipt(id, row.getBytes(1), row.getLong(2))) : Optional.empty();
            }
        }
    }
}
