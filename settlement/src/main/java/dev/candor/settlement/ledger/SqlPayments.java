package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ReceiptId;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of the table {@code payments}; every write keeps the sums in step. */
final class SqlPayments {
    static final String COLUMNS = "id, chain_id, payer, nonce, state, cap, charged, deadline, body_digest, payload, receipt, tx, detail,"
            + " updated_at";

    private SqlPayments() {}

    static Optional<Payment> find(Connection connection, String id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT " + COLUMNS + " FROM payments WHERE id = ?")) {
            query.setString(1, id);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? Optional.of(read(rows)) : Optional.empty();
            }
        }
    }

    static List<Payment> due(Connection connection, PaymentState state, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM payments WHERE state = ? ORDER BY deadline, id LIMIT ?")) {
            query.setString(1, state.name());
            query.setInt(2, limit);
            return list(query);
        }
    }

    static List<Payment> recent(Connection connection, PaymentState state, Instant since, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM payments WHERE state = ? AND updated_at >= ? ORDER BY updated_at DESC, id LIMIT ?")) {
            query.setString(1, state.name());
            query.setLong(2, since.toEpochMilli());
            query.setInt(3, limit);
            return list(query);
        }
    }

    private static List<Payment> list(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            List<Payment> found = new ArrayList<>();
            while (rows.next()) {
                found.add(read(rows));
            }
            return found;
        }
    }

    static BigInteger settledSince(Connection connection, EvmAddress payer, Instant since) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT charged FROM payments WHERE payer = ? AND state = ? AND updated_at >= ?")) {
            query.setString(1, payer.value());
            query.setString(2, PaymentState.SETTLED.name());
            query.setLong(3, since.toEpochMilli());
            BigInteger sum = BigInteger.ZERO;
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    sum = sum.add(new BigInteger(rows.getString(1)));
                }
            }
            return sum;
        }
    }

    /** Writes {@code after} in the place of {@code before}, which is null for a new payment. */
    static void put(Connection connection, Payment before, Payment after) throws SQLException {
        String sql = before == null
                ? "INSERT INTO payments (chain_id, payer, nonce, state, cap, charged, deadline, body_digest, payload, receipt, tx, detail,"
                        + " updated_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                : "UPDATE payments SET chain_id = ?, payer = ?, nonce = ?, state = ?, cap = ?, charged = ?, deadline = ?, body_digest = ?,"
                        + " payload = ?, receipt = ?, tx = ?, detail = ?, updated_at = ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, after.key().chainId());
            update.setString(2, after.key().payer().value());
            update.setString(3, after.key().nonce().toString());
            update.setString(4, after.state().name());
            update.setString(5, after.cap().toString());
            update.setString(6, after.charged().toString());
            update.setLong(7, after.deadline().getEpochSecond());
            update.setString(8, after.bodyDigest().hex());
            update.setString(9, after.payloadJson());
            update.setString(10, after.receipt().map(ReceiptId::value).orElse(null));
            update.setString(11, after.transaction().orElse(null));
            update.setString(12, after.detail().orElse(null));
            update.setLong(13, after.updatedAt().toEpochMilli());
            update.setString(14, after.key().id());
            update.executeUpdate();
        }
        SqlSums.replace(connection, before, after);
    }

    static Payment read(ResultSet row) throws SQLException {
        return new Payment(
                new PaymentKey(row.getLong("chain_id"), new EvmAddress(row.getString("payer")), new BigInteger(row.getString("nonce"))),
                PaymentState.valueOf(row.getString("state")),
                new BigInteger(row.getString("cap")),
                new BigInteger(row.getString("charged")),
                Instant.ofEpochSecond(row.getLong("deadline")),
                new Digest(row.getString("body_digest")),
                row.getString("payload"),
                Optional.ofNullable(row.getString("receipt")).map(ReceiptId::new),
                Optional.ofNullable(row.getString("tx")),
                Optional.ofNullable(row.getString("detail")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    }
}
