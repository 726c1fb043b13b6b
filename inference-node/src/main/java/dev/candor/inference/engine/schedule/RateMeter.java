package dev.candor.inference.engine.schedule;

import java.util.function.LongSupplier;

/** Counts events of the last ten seconds. Thread-safe. */
public final class RateMeter {
    private static final int SECONDS = 10;
    private static final long NANOS = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private final long[] counts = new long[SECONDS];
    private long current;

    /** @param nanoTime as {@link System#nanoTime()} */
    public RateMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.current = second();
    }

    private long second() {
        return Math.floorDiv(nanoTime.getAsLong(), NANOS);
    }

    public synchronized void add(int events) {
        advance();
        counts[slot(current)] += events;
    }

    /** Events a second, of the last ten. */
    public synchronized double perSecond() {
        advance();
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return (double) sum / SECONDS;
    }

    private void advance() {
        long now = second();
        long from = Math.max(current + 1, now - SECONDS + 1);
        for (long second = from; second <= now; second++) {
            counts[slot(second)] = 0;
        }
        current = Math.max(current, now);
    }

    private static int slot(long second) {
        return Math.floorMod(second, SECONDS);
    }
}
