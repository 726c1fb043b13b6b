package dev.candor.settlement.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One SQL database with one writer: work queued for writing runs in order on one thread, and whatever is queued is committed
 * together, so that many writes share one flush to the disk. Reads run beside it and see committed states only.
 * Thread-safe. A second process that opens the same database is refused.
 */
public final class SqlDatabase implements AutoCloseable {
    private static final int READERS = 4;

    private final SqlConnector connector;
    private final SqlWriter writer;
    private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);

    private SqlDatabase(SqlConnector connector, int queue) {
        this.connector = connector;
        try {
            this.writer = new SqlWriter(connector, queue);
            for (int i = 0; i < READERS; i++) {
                readers.add(connector.reader());
            }
            writer.start();
        } catch (SQLException | LedgerException e) {
            connector.close();
            if (e instanceof LedgerException known) {
                throw known;
            }
            throw new LedgerException("cannot open the ledger " + connector.name() + ": " + e.getMessage(), e);
        }
    }

    /** Opens the SQLite file, creating it (readable by its owner only) where there is none. */
    public static SqlDatabase open(Path file) {
        return open(file, SqlWriter.DEFAULT_QUEUE);
    }

    static SqlDatabase open(Path file, int queue) {
        return new SqlDatabase(SqlConnector.Sqlite.open(file), queue);
    }

    /** Opens the database at a JDBC URL: {@code jdbc:postgresql:…}, or {@code jdbc:sqlite:FILE}. */
    public static SqlDatabase open(String jdbcUrl) {
        String sqlite = "jdbc:sqlite:";
        if (jdbcUrl.startsWith(sqlite)) {
            return open(Path.of(jdbcUrl.substring(sqlite.length())));
        }
        if (jdbcUrl.startsWith("jdbc:postgresql:")) {
            return new SqlDatabase(new SqlConnector.Postgres(jdbcUrl), SqlWriter.DEFAULT_QUEUE);
        }
        throw new LedgerException("the ledger needs a jdbc:sqlite: or jdbc:postgresql: URL", null);
    }

    public SqlDialect dialect() {
        return connector.dialect();
    }

    /**
     * Brings the tables of one component to its newest version, in one transaction.
     *
     * @throws LedgerException if the database was written by a newer program, or cannot be written
     */
    public void migrate(SqlSchema schema) {
        await(write(connection -> {
            int have = version(connection, schema.component());
            int want = schema.scripts().size();
            if (have > want) {
                throw new LedgerException("the ledger's tables of " + schema.component() + " have version " + have
                        + ", this program knows up to " + want + "; use the newer program", null);
            }
            try (Statement statement = connection.createStatement()) {
                for (int version = have + 1; version <= want; version++) {
                    for (String sql : schema.statements(version)) {
                        statement.execute(dialect().render(sql));
                    }
                }
            }
            setVersion(connection, schema.component(), want);
            return null;
        }));
    }

    /**
     * Queues {@code work}; the future completes after the transaction that holds it has reached the disk, and with
     * {@link LedgerException} when it did not, or when the queue is full. Work that throws leaves no trace and does not harm
     * the work committed beside it.
     */
    public <T> CompletableFuture<T> write(SqlWork<T> work) {
        return writer.submit(work);
    }

    /** Runs {@code work} on a read-only connection, in the calling thread. */
    public <T> T read(SqlWork<T> work) {
        Connection connection;
        try {
            connection = readers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("interrupted while waiting for the ledger", e);
        }
        try {
            if (connection.isClosed()) {
                connection = connector.reader();
            }
            return work.run(connection);
        } catch (SQLException e) {
            closeBroken(connection);
            throw new LedgerException("cannot read the ledger " + connector.name() + ": " + e.getMessage(), e);
        } finally {
            readers.add(connection);
        }
    }

    /** Waits for what {@link #write} gave, in the calling thread. */
    public static <T> T await(CompletableFuture<T> written) {
        try {
            return written.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Writes what is queued, then closes. */
    @Override
    public void close() {
        writer.close();
        for (int i = 0; i < READERS; i++) {
            try {
                readers.take().close();
            } catch (SQLException e) {
                System.getLogger(SqlDatabase.class.getName()).log(System.Logger.Level.DEBUG, "closing a reader", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        connector.close();
    }

    private static void closeBroken(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(SqlDatabase.class.getName()).log(System.Logger.Level.DEBUG, "closing a broken reader", e);
        }
    }

    private static int version(Connection connection, String component) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL)");
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT version FROM schema_version WHERE component = ?")) {
            query.setString(1, component);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    private static void setVersion(Connection connection, String component, int version) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("INSERT INTO schema_version (component, version) VALUES (?, ?)"
                + " ON CONFLICT (component) DO UPDATE SET version = excluded.version")) {
            update.setString(1, component);
            update.setInt(2, version);
            update.executeUpdate();
        }
    }
}
