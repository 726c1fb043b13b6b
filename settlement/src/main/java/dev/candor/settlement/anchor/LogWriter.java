package dev.candor.settlement.anchor;

import dev.candor.attestation.tlog.LogStateException;
import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.settlement.ledger.LeafSource;
import dev.candor.settlement.ledger.LedgerException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries every leaf of the ledger into the log, in the ledger's order, on a thread of its own. A leaf is integrated within
 * {@link #MAX_MERGE_DELAY} of its commit as long as the disk works; where it does not, the writer tries again, and the leaves
 * wait in the ledger, which is durable. Thread-safe.
 */
public final class LogWriter implements AutoCloseable {
    /** What the node states; a leaf that waits longer is a fault of the node. */
    public static final Duration MAX_MERGE_DELAY = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SPACING = Duration.ofMillis(200);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final int CLOSE_ATTEMPTS = 3;
    private static final int BATCH = 4096;

    private final LeafSource ledger;
    private final TileLog log;
    private final Clock clock;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private boolean signalled = true;
    private boolean closing;
    private boolean ended;
    private Instant behindSince;
    private String failure;

    private LogWriter(LeafSource ledger, TileLog log, Clock clock) {
        this.ledger = ledger;
        this.log = log;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("log-writer").daemon().unstarted(this::run);
    }

    /**
     * Checks that log and ledger belong together and begins to integrate.
     *
     * @param log stays open when the writer is closed
     * @throws LogStateException if the log's last entries are not the ledger's leaves
     */
    public static LogWriter start(LeafSource ledger, TileLog log, Clock clock) throws IOException {
        new LogAgreement(ledger, log).require();
        LogWriter writer = new LogWriter(ledger, log, clock);
        writer.thread.start();
        return writer;
    }

    /** Says that a leaf was committed. Without it the writer finds the leaf at its next look, at most half a second later. */
    public void signal() {
        lock.lock();
        try {
            behindSince = behindSince == null ? clock.instant() : behindSince;
            signalled = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Leaves that the published checkpoint covers. */
    public long integratedSize() {
        return log.size();
    }

    public SignedCheckpoint lastCheckpoint() {
        return log.checkpoint();
    }

    /** Leaves of the ledger that are not in the log yet. */
    public long lag() {
        return Math.max(0, ledger.leafCount() - log.size());
    }

    /** How long the writer has been behind the ledger; zero if it is not. */
    public Duration delay() {
        lock.lock();
        try {
            return behindSince == null ? Duration.ZERO : Duration.between(behindSince, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Why the last attempt failed, in words; empty once one succeeded. */
    public Optional<String> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the log has {@code size} leaves; false if it has not after {@code limit} or never will. */
    public boolean awaitSize(long size, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (log.size() < size && left > 0 && !ended) {
                left = progress.awaitNanos(left);
            }
            return log.size() >= size;
        } finally {
            lock.unlock();
        }
    }

    /** Integrates what is left, at most ten seconds long; what then remains is integrated by the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        boolean last = false;
        try {
            while (!last) {
                last = awaitWork(failures);
                try {
                    integrate();
                    failures = 0;
                } catch (LogStateException e) {
                    failed("the log takes no more entries: " + e.getMessage(), e, 1);
                    return;
                } catch (IOException | RuntimeException e) {
                    failures++;
                    failed("the log could not be written, trying again: " + e.getMessage(), e, failures);
                    last = last && failures >= CLOSE_ATTEMPTS;
                }
            }
        } finally {
            end();
        }
    }

    private void integrate() throws IOException {
        for (long from = log.size(); from < ledger.leafCount(); from = log.size()) {
            List<byte[]> leaves = ledger.leaves(from, BATCH);
            if (leaves.isEmpty()) {
                throw new LedgerException("the ledger counts " + ledger.leafCount() + " leaves, but gives none from " + from, null);
            }
            log.append(from, leaves);
            advanced(from + leaves.size() >= ledger.leafCount());
        }
        advanced(true);
    }

    /** Waits for a signal, the next look or the end of the backoff; true if this is the last round. */
    private boolean awaitWork(int failures) {
        lock.lock();
        try {
            if (failures > 0) {
                await(backoff(failures), false);
            } else {
                await(SPACING, false);
                await(POLL.minus(SPACING), true);
            }
            signalled = false;
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration time, boolean untilSignal) {
        long left = time.toNanos();
        try {
            while (left > 0 && !closing && !(untilSignal && signalled)) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private static Duration backoff(int failures) {
        Duration doubled = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, 10));
        return doubled.compareTo(MAX_BACKOFF) < 0 ? doubled : MAX_BACKOFF;
    }

    private void advanced(boolean caughtUp) {
        lock.lock();
        try {
            failure = null;
            behindSince = caughtUp ? null : behindSince;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(String message, Exception cause, int failures) {
        lock.lock();
        try {
            failure = message;
            behindSince = behindSince == null ? clock.instant() : behindSince;
        } finally {
            lock.unlock();
        }
        // a full disk would fail every second; each power of two is enough in the log file
        if (Integer.bitCount(failures) == 1) {
            LOG.log(Level.WARNING, message + " (failure " + failures + ")", cause);
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
