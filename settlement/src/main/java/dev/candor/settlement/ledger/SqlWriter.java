package dev.candor.settlement.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The one thread that writes: takes whatever is queued, runs it in one transaction, commits, then tells the callers. */
final class SqlWriter {
    static final int DEFAULT_QUEUE = 4096;
    private static final int BATCH = 256;
    private static final System.Logger LOG = System.getLogger(SqlWriter.class.getName());

    private final SqlConnector connector;
    private final BlockingQueue<Task<?>> queue;
    private final Thread thread;
    /** Callers' continuations run here, so that none of them can hold the writer up. */
    private final Executor callbacks = task -> Thread.ofVirtual().name("ledger-callback").start(task);
    private final Object submitLock = new Object();
    private boolean closed;
    private Connection connection;

    SqlWriter(SqlConnector connector, int capacity) throws SQLException {
        this.connector = connector;
        this.queue = new ArrayBlockingQueue<>(capacity + 1);
        this.connection = connector.writer();
        this.thread = Thread.ofPlatform().name("ledger-writer").daemon(true).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    <T> CompletableFuture<T> submit(SqlWork<T> work) {
        Task<T> task = new Task<>(work, new CompletableFuture<>());
        synchronized (submitLock) {
            if (closed) {
                return CompletableFuture.failedFuture(new LedgerException("the ledger is closed", null));
            }
            // One place stays free for the end mark that close() puts.
            if (queue.remainingCapacity() < 2 || !queue.offer(task)) {
                return CompletableFuture.failedFuture(
                        new LedgerException("the ledger's queue is full: the disk does not keep up; try again later", null));
            }
        }
        return task.done();
    }

    void close() {
        synchronized (submitLock) {
            if (!closed) {
                closed = true;
                queue.add(new Task<>(null, new CompletableFuture<>()));
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        List<Task<?>> batch = new ArrayList<>(BATCH);
        boolean open = true;
        while (open) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                continue;
            }
            queue.drainTo(batch, BATCH - 1);
            open = batch.stream().noneMatch(Task::isEnd);
            batch.removeIf(Task::isEnd);
            try {
                writeAll(batch);
            } catch (Throwable e) {
                // Whoever waits for this batch must be told, and the next one served, even when memory ran out.
                rollBack();
                fail(batch, new LedgerException("the ledger could not write: " + e, e));
            }
            batch.clear();
        }
        closeConnection();
    }

    /** One transaction for all; where one task fails, each gets a transaction of its own, so that it fails alone. */
    private void writeAll(List<Task<?>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<Runnable> outcomes = new ArrayList<>(batch.size());
        try {
            for (Task<?> task : batch) {
                outcomes.add(task.run(connection()));
            }
        } catch (SQLException | RuntimeException e) {
            rollBack();
            if (batch.size() == 1) {
                fail(batch, e);
            } else {
                batch.forEach(task -> writeAll(List.of(task)));
            }
            return;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            // Whether a failed commit took effect can be unknown, so nothing is run again.
            rollBack();
            fail(batch, e);
            return;
        }
        outcomes.forEach(callbacks::execute);
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = connector.writer();
        }
        return connection;
    }

    private void rollBack() {
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            // SQLite has rolled back by itself where the disk is full; a server that went away has too.
            LOG.log(System.Logger.Level.INFO, "a new connection to the ledger will be opened: {0}", e.getMessage());
            closeConnection();
        }
    }

    private void closeConnection() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing the ledger", e);
        }
        connection = null;
    }

    private void fail(List<Task<?>> batch, Exception cause) {
        Exception told = cause instanceof SQLException
                ? new LedgerException("cannot write the ledger " + connector.name() + ": " + cause.getMessage()
                        + "; check the disk's free space and health", cause)
                : cause;
        batch.forEach(task -> callbacks.execute(() -> task.done().completeExceptionally(told)));
    }

    private record Task<T>(SqlWork<T> work, CompletableFuture<T> done) {
        boolean isEnd() {
            return work == null;
        }

        Runnable run(Connection connection) throws SQLException {
            T result = work.run(connection);
            return () -> done.complete(result);
        }
    }
}
