package dev.candor.inference.engine.tensor;

import dev.candor.inference.limits.ClientShare;
import java.time.Duration;

/**
 * Bounds of a tensor engine.
 *
 * @param maxWaiting requests that may wait; one more is refused
 * @param share      of those that one client may have
 * @param maxOutput  bytes that one request's outputs may have together
 * @param patience   the longest that a request may wait and run
 * @param drain      how long {@link TensorEngine#close()} lets requests finish before it stops them
 */
public record TensorOptions(int maxWaiting, ClientShare share, long maxOutput, Duration patience, Duration drain) {
    public TensorOptions {
        if (maxWaiting < 1 || maxOutput < 1 || !patience.isPositive() || drain.isNegative()) {
            throw new IllegalArgumentException("bounds must be positive: " + maxWaiting + ", " + maxOutput + ", " + patience + ", " + drain);
        }
    }

    /** One client may have all places. */
    public TensorOptions(int maxWaiting, long maxOutput, Duration patience, Duration drain) {
        this(maxWaiting, ClientShare.WHOLE, maxOutput, patience, drain);
    }

    /** 64 waiting requests, 64 MiB of outputs, a minute for each request, half a minute to drain. */
    public static TensorOptions defaults() {
        return new TensorOptions(64, 64L << 20, Duration.ofMinutes(1), Duration.ofSeconds(30));
    }
}
