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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One SQL database with one writer: work queued for writing runs in order on one thread, and whatever is queued is committed
 * together, so that many writes share one flush to the disk. Reads run beside it and see committed states only.
 * Thread-safe. A second process that opens the same database is refused.
 */
public final class SqlDatabase implements AutoCloseable {
    private static final int READERS = 4;
    /** 256 GiB of pages of 4096 bytes. */
    private static final int MAX_PAGES = 1 << 26;
    private static final long READ_PATIENCE_SECONDS = 10;
    private static final System.Logger LOG = System.getLogger(SqlDatabase.class.getName());

    private final SqlConnector connector;
    private final SqlWriter writer;
    private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
    private final AtomicBoolean closed = new AtomicBoolean();

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
        return open(file, SqlWriter.DEFAULT_QUEUE, MAX_PAGES);
    }

    static SqlDatabase open(Path file, int queue, int maxPages) {
        return new SqlDatabase(SqlConnector.Sqlite.open(file, maxPages), queue);
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
        Connection connection = takeReader();
        try {
            if (connection.isClosed()) {
                connection = connector.reader();
            }
            return work.run(connection);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw new LedgerException("cannot read the ledger " + connector.name() + ": " + e.getMessage(), e);
        } finally {
            readers.add(connection);
        }
    }

    private Connection takeReader() {
        try {
            Connection connection = closed.get() ? null : readers.poll(READ_PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (connection == null) {
                throw new LedgerException(closed.get() ? "the ledger is closed" : "the ledger's readers are all busy; try again later", null);
            }
            return connection;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("interrupted while waiting for the ledger", e);
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

    /** Writes what is queued, lets reads end, then closes; closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.close();
        try {
            for (int i = 0; i < READERS; i++) {
                closeQuietly(readers.poll(READ_PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connector.close();
    }

    private static void closeQuietly(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a reader of the ledger", e);
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
