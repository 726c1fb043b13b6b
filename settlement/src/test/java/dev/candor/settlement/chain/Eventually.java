package dev.candor.settlement.chain;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what happens on other threads. */
public final class Eventually {
    private Eventually() {}

    /**
     * Returns once {@code condition} holds. A chain that is too busy to answer a question in time has not said no, so a
     * question that fails is asked again.
     *
     * @throws AssertionError if it does not within {@code limit}
     */
    public static void holds(Duration limit, String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        Exception failure = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
                failure = null;
            } catch (ChainException e) {
                failure = e;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        throw new AssertionError("not within " + limit + ": " + what, failure);
    }
}
