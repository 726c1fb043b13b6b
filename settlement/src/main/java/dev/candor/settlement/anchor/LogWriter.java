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
import java.util.List;
import java.util.Optional;

/**
 * Carries every leaf of the ledger into the log, in the ledger's order, on a thread of its own. A leaf is integrated within
 * {@link #MAX_MERGE_DELAY} of its commit as long as the disk works; where it does not, the writer tries again, and the leaves
 * wait in the ledger, which is durable. Thread-safe.
 */
public final class LogWriter implements AutoCloseable {
    /** What the node states; a leaf that waits longer is a fault of the node. */
    public static final Duration MAX_MERGE_DELAY = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final int CLOSE_ATTEMPTS = 3;
    private static final int BATCH = 4096;

    private final LeafSource ledger;
    private final TileLog log;
    private final MergeState state;
    private final Thread thread;

    private LogWriter(LeafSource ledger, TileLog log, Clock clock) {
        this.ledger = ledger;
        this.log = log;
        this.state = new MergeState(clock);
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
        state.signal();
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

    /** How long the writer has known itself behind the ledger; zero if it is not. */
    public Duration delay() {
        return state.delay();
    }

    /** Why the last attempt failed, in words; empty once one succeeded. */
    public Optional<String> failure() {
        return state.failure();
    }

    /** Waits until the log has {@code size} leaves; false if it has not after {@code limit} or never will. */
    public boolean awaitSize(long size, Duration limit) throws InterruptedException {
        state.awaitProgress(() -> log.size() >= size, limit);
        return log.size() >= size;
    }

    /** Integrates what is left, at most ten seconds long; what then remains is integrated by the next start. */
    @Override
    public void close() {
        state.close();
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                LOG.log(Level.WARNING, "the log was not brought up to date within " + CLOSE_LIMIT.toSeconds()
                        + " s; the next start integrates what is left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        boolean last = false;
        try {
            while (!last) {
                last = state.awaitWork(failures);
                try {
                    integrate();
                    failures = 0;
                } catch (LogStateException e) {
                    halted(e);
                    return;
                } catch (IOException | RuntimeException e) {
                    failures++;
                    failed(e, failures);
                    last = last && failures >= CLOSE_ATTEMPTS;
                }
            }
        } finally {
            state.end();
        }
    }

    private void integrate() throws IOException {
        for (long from = log.size(); from < ledger.leafCount(); from = log.size()) {
            List<byte[]> leaves = ledger.leaves(from, BATCH);
            if (leaves.isEmpty()) {
                throw new LedgerException("the ledger counts " + ledger.leafCount() + " leaves, but gives none from " + from, null);
            }
            log.append(from, leaves);
            state.advanced(from + leaves.size() >= ledger.leafCount());
        }
        state.advanced(true);
    }

    private void halted(LogStateException cause) {
        String message = "the log takes no more entries until the node is restarted: " + cause.getMessage();
        state.failed(message);
        LOG.log(Level.ERROR, message);
    }

    private void failed(Exception cause, int failures) {
        String message = "the log could not be written, trying again: " + cause.getMessage();
        state.failed(message);
        // a full disk fails every second for hours; each power of two is enough in the node's log
        if (Integer.bitCount(failures) == 1) {
            boolean known = cause instanceof IOException || cause instanceof LedgerException;
            LOG.log(Level.WARNING, message + " (failure " + failures + ")", known ? null : cause);
        }
    }
}
