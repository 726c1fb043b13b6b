package dev.candor.inference.limits;

import java.time.Duration;
import java.util.Locale;

/** A duration as OpenAI's rate-limit headers write it: {@code 0s}, {@code 12ms}, {@code 1s}, {@code 8.64s}, {@code 6m0s}, {@code 1h0m0s}. */
public final class WireDuration {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private WireDuration() {}

    /** Rounded up to whole milliseconds. */
    public static String of(Duration duration) {
        long millis = millis(duration);
        if (millis == 0) {
            return "0s";
        }
        if (millis < SECOND) {
            return millis + "ms";
        }
        StringBuilder text = new StringBuilder();
        if (millis >= HOUR) {
            text.append(millis / HOUR).append('h');
        }
        if (millis >= MINUTE) {
            text.append(millis % HOUR / MINUTE).append('m');
        }
        return text.append(seconds(millis % MINUTE)).append('s').toString();
    }

    /** Whole milliseconds, rounded up. */
    public static long millis(Duration duration) {
        return Math.ceilDiv(duration.toNanos(), 1_000_000L);
    }

    private static String seconds(long millis) {
        long rest = millis % SECOND;
        String whole = Long.toString(millis / SECOND);
        return rest == 0 ? whole : whole + "." + String.format(Locale.ROOT, "%03d", rest).replaceFirst("0+$", "");
    }
}
