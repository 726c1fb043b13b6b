package dev.candor.settlement.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The same ledger on a real PostgreSQL server. */
class PostgresLedgerTest extends LedgerContract {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    SqlDatabase openDatabase() {
        return SqlDatabase.open(server.getJdbcUrl("postgres", "postgres"));
    }

    @BeforeEach
    @Override
    void open() {
        if (isFirstOpening) {
            isFirstOpening = false;
            empty();
        }
        super.open();
    }

    private boolean isFirstOpening = true;

    private static void empty() {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
