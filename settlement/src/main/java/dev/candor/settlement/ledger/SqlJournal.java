package dev.candor.settlement.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Appends to the table {@code journal}: entry {@code n}'s hash covers its text and the hash of entry {@code n - 1}. */
final class SqlJournal {
    private SqlJournal() {}

    static void append(Connection connection, Instant at, ObjectNode event) throws SQLException {
        long seq = 0;
        String before = JournalEntry.GENESIS;
        try (PreparedStatement query = connection.prepareStatement("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
                ResultSet last = query.executeQuery()) {
            if (last.next()) {
                seq = last.getLong(1) + 1;
                before = last.getString(2);
            }
        }
        String entry = event.put("seq", seq).put("at", at.toEpochMilli()).toString();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO journal (seq, entry, hash) VALUES (?, ?, ?)")) {
            insert.setLong(1, seq);
            insert.setString(2, entry);
            insert.setString(3, JournalEntry.hash(before, entry));
            insert.executeUpdate();
        }
    }
}
