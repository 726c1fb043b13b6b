package dev.candor.settlement.anchor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** What the log writer's thread and its callers tell each other: work, progress, failures, the end. Thread-safe. */
final class MergeState {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SPACING = Duration.ofMillis(200);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 10;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private boolean signalled = true;
    private boolean closing;
    private boolean ended;
    private Instant behindSince;
    private String failure;

    MergeState(Clock clock) {
        this.clock = clock;
    }

    void signal() {
        locked(() -> {
            behind();
            signalled = true;
            work.signal();
        });
    }

    void close() {
        locked(() -> {
            closing = true;
            work.signal();
        });
    }

    void advanced(boolean caughtUp) {
        locked(() -> {
            failure = null;
            behindSince = caughtUp ? null : behindSince;
            progress.signalAll();
        });
    }

    void failed(String message) {
        locked(() -> {
            failure = message;
            behind();
        });
    }

    void end() {
        locked(() -> {
            ended = true;
            progress.signalAll();
        });
    }

    Duration delay() {
        lock.lock();
        try {
            return behindSince == null ? Duration.ZERO : Duration.between(behindSince, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    Optional<String> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a signal, for the next look, or after failures for the end of the backoff. Signals that come close after each
     * other share one round.
     *
     * @return true if this is the last round
     */
    boolean awaitWork(int failures) {
        lock.lock();
        try {
            if (failures > 0) {
                await(backoff(failures), () -> closing);
            } else {
                await(SPACING, () -> closing);
                await(POLL.minus(SPACING), () -> closing || signalled);
            }
            signalled = false;
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for progress until {@code reached}; ends early if the writer has ended. */
    void awaitProgress(BooleanSupplier reached, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean() && left > 0 && !ended) {
                left = progress.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration time, BooleanSupplier enough) {
        long left = time.toNanos();
        try {
            while (left > 0 && !enough.getAsBoolean()) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private void behind() {
        behindSince = behindSince == null ? clock.instant() : behindSince;
    }

    private static Duration backoff(int failures) {
        Duration doubled = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        return doubled.compareTo(MAX_BACKOFF) < 0 ? doubled : MAX_BACKOFF;
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
