package dev.candor.settlement.ledger;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Running sums kept in the transaction that changes them, so that a bound is checked without adding up all payments. Amounts
 * are decimal text, since they need 256 bits.
 */
final class SqlSums {
    static final String CAPS = "caps";
    static final String RECEIPTS = "receipts";
    private static final Map<PaymentState, String> OF_STATE = new EnumMap<>(Map.of(
            PaymentState.RESERVED, "reserved",
            PaymentState.CHARGED, "unsettled",
            PaymentState.SETTLING, "unsettled",
            PaymentState.SETTLED, "settled",
            PaymentState.WRITTEN_OFF, "written_off"));

    private SqlSums() {}

    static String payer(EvmAddress payer) {
        return "payer:" + payer.value();
    }

    /** The sum that payments in {@code state} count in: by their cap while RESERVED, then by their charge. */
    static Optional<String> nameOf(PaymentState state) {
        return Optional.ofNullable(OF_STATE.get(state));
    }

    static BigInteger get(Connection connection, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT amount FROM sums WHERE name = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new BigInteger(row.getString(1)) : BigInteger.ZERO;
            }
        }
    }

    static void add(Connection connection, String name, BigInteger amount) throws SQLException {
        if (amount.signum() == 0) {
            return;
        }
        BigInteger sum = get(connection, name).add(amount);
        String sql = sum.signum() == 0
                ? "DELETE FROM sums WHERE name = ?"
                : "INSERT INTO sums (name, amount) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET amount = excluded.amount";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, name);
            if (sum.signum() != 0) {
                update.setString(2, sum.toString());
            }
            update.executeUpdate();
        }
    }

    /** Takes {@code before} out of the sums and puts {@code after} in; either may be null. */
    static void replace(Connection connection, Payment before, Payment after) throws SQLException {
        if (before != null) {
            count(connection, before, -1);
        }
        if (after != null) {
            count(connection, after, 1);
        }
    }

    private static void count(Connection connection, Payment payment, int sign) throws SQLException {
        BigInteger factor = BigInteger.valueOf(sign);
        if (payment.state().unsettled()) {
            add(connection, CAPS, payment.cap().multiply(factor));
            add(connection, payer(payment.key().payer()), payment.cap().multiply(factor));
        }
        Optional<String> name = nameOf(payment.state());
        if (name.isPresent()) {
            BigInteger amount = payment.state() == PaymentState.RESERVED ? payment.cap() : payment.charged();
            add(connection, name.get(), amount.multiply(factor));
        }
    }

    static LedgerTotals totals(Connection connection) throws SQLException {
        Map<String, BigInteger> sums = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT name, amount FROM sums WHERE name NOT LIKE 'payer:%'");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                sums.put(rows.getString(1), new BigInteger(rows.getString(2)));
            }
        }
        return totals(sums);
    }

    static LedgerTotals totals(Map<String, BigInteger> sums) {
        return new LedgerTotals(
                sums.getOrDefault("reserved", BigInteger.ZERO),
                sums.getOrDefault("unsettled", BigInteger.ZERO),
                sums.getOrDefault("settled", BigInteger.ZERO),
                sums.getOrDefault("written_off", BigInteger.ZERO),
                sums.getOrDefault(CAPS, BigInteger.ZERO),
                sums.getOrDefault(RECEIPTS, BigInteger.ZERO).longValueExact());
    }
}
