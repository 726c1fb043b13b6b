package dev.candor.inference.e2e;

import dev.candor.inference.e2e.KillPlan.Moment;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Where buyers find the node that runs now, and where they tell what they saw. Thread-safe. */
final class Market {
    private static final Duration OPEN_LIMIT = Duration.ofMinutes(10);

    private final Map<Moment, Semaphore> seen = new EnumMap<>(Moment.class);
    private final ConcurrentLinkedQueue<Purchase> purchases = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private URI node;
    private volatile boolean closing;

    Market() {
        for (Moment moment : Moment.values()) {
            seen.put(moment, new Semaphore(0));
        }
    }

    synchronized void open(URI running) {
        node = running;
        notifyAll();
    }

    synchronized void shut() {
        node = null;
    }

    /** The node that runs; waits for it. */
    synchronized URI node() throws InterruptedException {
        long end = System.nanoTime() + OPEN_LIMIT.toNanos();
        while (node == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("no node for " + OPEN_LIMIT);
            }
            wait(left);
        }
        return node;
    }

    void saw(Moment moment) {
        seen.get(moment).release();
    }

    /** Waits until somebody sees {@code moment} from now on; false if nobody does. */
    boolean await(Moment moment, Duration limit) throws InterruptedException {
        seen.get(moment).drainPermits();
        return seen.get(moment).tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void begun(Purchase purchase) {
        purchases.add(purchase);
    }

    void ended() {
        ended.incrementAndGet();
    }

    /** How many purchases have come to their end. */
    int endedPurchases() {
        return ended.get();
    }

    void fault(String what) {
        faults.add(what);
    }

    /** Has buyers end what they are at, and begin nothing new. */
    void closeSoon() {
        closing = true;
    }

    boolean closing() {
        return closing;
    }

    List<Purchase> purchases() {
        return List.copyOf(purchases);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }
}
