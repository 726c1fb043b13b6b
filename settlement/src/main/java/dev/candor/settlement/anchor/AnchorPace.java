package dev.candor.settlement.anchor;

import java.time.Duration;

/**
 * How often to anchor.
 *
 * @param interval between anchors of a log that grows
 * @param leaves   new leaves after which the interval is not waited for
 */
public record AnchorPace(Duration interval, long leaves) {
    /** Once a minute, or after a thousand leaves. */
    public static AnchorPace standard() {
        return new AnchorPace(Duration.ofSeconds(60), 1_000);
    }

    boolean isDue(long grown, Duration sinceLast) {
        return grown > 0 && (grown >= leaves || sinceLast.compareTo(interval) >= 0);
    }

    boolean isCheckDue(Duration sinceLast) {
        return sinceLast.compareTo(interval) >= 0;
    }
}
