package dev.candor.client.sdk;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a call from outside: by its time limit or by its caller, also in the middle of a read. Thread-safe; to be closed when the call is over. */
public final class CallControl implements AutoCloseable {
    private final Duration limit;
    private final long endNanos;
    private final CompletableFuture<Void> timer;
    private final CountDownLatch ended = new CountDownLatch(1);
    private NodeException.Kind reason;
    private Closeable open;

    private CallControl(Duration limit) {
        this.limit = limit;
        this.endNanos = System.nanoTime() + limit.toNanos();
        this.timer = new CompletableFuture<Void>().completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS);
        timer.thenRun(() -> end(NodeException.Kind.TIMED_OUT));
    }

    /** A call that may take {@code limit} in all: connection, answer, retries. */
    public static CallControl within(Duration limit) {
        return new CallControl(limit);
    }

    /** Ends the call; what it reads from is closed, and it fails with {@link NodeException.Kind#CANCELLED}. Nothing if it is over. */
    public void cancel() {
        end(NodeException.Kind.CANCELLED);
    }

    private void end(NodeException.Kind why) {
        Closeable target;
        synchronized (this) {
            if (reason == NodeException.Kind.CANCELLED || reason == why) {
                return;
            }
            reason = why;
            target = open;
            notifyAll();
        }
        ended.countDown();
        close(target);
    }

    /** Whether the call was cancelled or ran out of time. */
    public synchronized boolean ended() {
        return reason != null;
    }

    /** From now on, {@code target} is closed when the call is ended; at once if it is. */
    void guard(Closeable target) {
        boolean over;
        synchronized (this) {
            open = target;
            over = reason != null;
        }
        if (over) {
            close(target);
        }
    }

    /** Waits before a further try. @throws NodeException if the call ends first, or would */
    public void sleep(Duration wait) throws NodeException, InterruptedException {
        boolean over = ended.await(Math.min(wait.toNanos(), Math.max(0, left().toNanos())), TimeUnit.NANOSECONDS);
        if (over || left().isNegative()) {
            requireOpen(null);
            throw failure(NodeException.Kind.TIMED_OUT, null);
        }
    }

    /** Waits for something that is not counted against the call's time. @throws NodeException if the call is cancelled */
    public void sleepUncounted(Duration wait) throws NodeException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < end) {
            synchronized (this) {
                if (reason == NodeException.Kind.CANCELLED) {
                    throw failure(reason, null);
                }
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis > 0) {
                    wait(millis);
                }
            }
        }
    }

    /** What is left of the time; negative when it is over. */
    Duration left() {
        return Duration.ofNanos(endNanos - System.nanoTime());
    }

    /** @throws NodeException with what ended the call, if something did */
    void requireOpen(Exception cause) throws NodeException {
        NodeException.Kind why;
        synchronized (this) {
            why = reason;
        }
        if (why != null) {
            throw failure(why, cause);
        }
    }

    private NodeException failure(NodeException.Kind why, Exception cause) {
        return why == NodeException.Kind.CANCELLED
                ? new NodeException(why, "the call was cancelled", cause)
                : new NodeException(why, "the call took longer than the " + limit.toMillis() + " ms it was given; give it more, or ask for fewer tokens", cause);
    }

    private static void close(Closeable target) {
        try {
            if (target != null) {
                target.close();
            }
        } catch (IOException e) {
            System.getLogger(CallControl.class.getName()).log(System.Logger.Level.DEBUG, "a cancelled answer could not be closed", e);
        }
    }

    @Override
    public void close() {
        timer.cancel(false);
    }
}
