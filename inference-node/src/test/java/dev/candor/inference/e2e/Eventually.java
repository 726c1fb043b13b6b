package dev.candor.inference.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does. */
final class Eventually {
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private Eventually() {}

    /** @throws AssertionError if {@code condition} does not come true in time */
    static void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        if (!within(limit, condition)) {
            throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
        }
    }

    /** Whether {@code condition} came true in time. A question that a busy process does not answer is asked again. */
    static boolean within(Duration limit, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        IOException failure = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return true;
                }
                failure = null;
            } catch (IOException e) {
                failure = e;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (failure != null) {
            throw failure;
        }
        return false;
    }

    /** Lets time pass where the time itself is what is tested. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
