package dev.candor.settlement.chain;

import dev.candor.settlement.ledger.SqlDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same outbox on a real PostgreSQL server. */
class PostgresOutboxStoreTest extends OutboxStoreContract {
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
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return SqlDatabase.open(server.getJdbcUrl("postgres", "postgres"));
    }
}
