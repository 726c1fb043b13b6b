package dev.candor.settlement.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.SQLiteConfig;

/** Opens connections to one database and holds the lock that makes this process its only writer. */
sealed interface SqlConnector extends AutoCloseable {
    SqlDialect dialect();

    /** What errors call the database: never a password. */
    String name();

    /** The connection for writing; manual commit, holding the writer's lock. */
    Connection writer() throws SQLException;

    /** A connection that sees committed states only. */
    Connection reader() throws SQLException;

    @Override
    void close();

    /**
     * One SQLite file. The lock is one on the file {@code NAME.lock} beside it, which the system drops when a process dies.
     *
     * @param maxPages how many pages of 4096 bytes the file may have
     */
    record Sqlite(Path file, int maxPages, FileChannel channel, FileLock lock) implements SqlConnector {
        /** @throws LedgerException if another process, or another part of this one, has the file open for writing */
        static Sqlite open(Path file, int maxPages) {
            Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                createPrivate(file);
                FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel);
                if (lock == null) {
                    channel.close();
                    throw new LedgerException("the ledger " + file + " is in use by another node; stop that node first", null);
                }
                return new Sqlite(file, maxPages, channel, lock);
            } catch (IOException e) {
                throw new LedgerException("cannot open the ledger " + file + ": " + e + "; check the disk and the permissions", e);
            }
        }

        /** The file for reading alone: no lock is taken, and no writer can be had. */
        static Sqlite unlocked(Path file) {
            return new Sqlite(file, 0, null, null);
        }

        private static void createPrivate(Path file) throws IOException {
            if (Files.notExists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        }

        private static FileLock tryLock(FileChannel channel) throws IOException {
            try {
                return channel.tryLock();
            } catch (OverlappingFileLockException e) {
                return null;
            }
        }

        @Override
        public SqlDialect dialect() {
            return SqlDialect.SQLITE;
        }

        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public Connection writer() throws SQLException {
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            config.setBusyTimeout(10_000);
            config.setMaxPageCount(maxPages);
            Connection connection = config.createConnection("jdbc:sqlite:" + file);
            connection.setAutoCommit(false);
            return connection;
        }

        @Override
        public Connection reader() throws SQLException {
            SQLiteConfig config = new SQLiteConfig();
            config.setBusyTimeout(10_000);
            config.setReadOnly(true);
            return config.createConnection("jdbc:sqlite:" + file);
        }

        @Override
        public void close() {
            try {
                lock.release();
                channel.close();
            } catch (IOException e) {
                throw new LedgerException("cannot give up the lock of the ledger " + file + ": " + e, e);
            }
        }
    }

    /** A PostgreSQL database. The lock is a session's advisory lock, which the server drops when the connection ends. */
    record Postgres(String url) implements SqlConnector {
        private static final long LOCK = 0x63616e646f72L;
        private static final String LOCK_PATIENCE = "2s";
        private static final String LOCK_NOT_AVAILABLE = "55P03";
        private static final String LOGIN_SECONDS = "10";

        @Override
        public SqlDialect dialect() {
            return SqlDialect.POSTGRESQL;
        }

        @Override
        public String name() {
            int query = url.indexOf('?');
            return query < 0 ? url : url.substring(0, query);
        }

        @Override
        public Connection writer() throws SQLException {
            Connection connection = connect();
            try (Statement statement = connection.createStatement()) {
                // A node that has just ended still holds the lock until the server has noticed.
                statement.execute("SET lock_timeout TO '" + LOCK_PATIENCE + "'");
                statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
                statement.execute("SET lock_timeout TO 0");
                statement.execute("SET synchronous_commit TO on");
                connection.setAutoCommit(false);
                return connection;
            } catch (SQLException e) {
                connection.close();
                if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw new LedgerException("the ledger " + name() + " is in use by another node; stop that node first", e);
                }
                throw e;
            }
        }

        @Override
        public Connection reader() throws SQLException {
            Connection connection = connect();
            connection.setReadOnly(true);
            return connection;
        }

        private Connection connect() throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("loginTimeout", LOGIN_SECONDS);
            properties.setProperty("connectTimeout", LOGIN_SECONDS);
            return DriverManager.getConnection(url, properties);
        }

        @Override
        public void close() {}
    }
}
