package dev.candor.inference.config;

import dev.candor.inference.openai.responses.ResponseStore;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of responses so that they can be asked for and continued.
 *
 * @param lifetime of each since it was last of use; zero to keep nothing
 * @param maxBytes of all together
 */
public record StoredResponses(Duration lifetime, long maxBytes) {
    /** As long and as much as the node keeps unless the operator says otherwise. */
    public static final StoredResponses STANDARD = new StoredResponses(ResponseStore.LIFETIME, ResponseStore.MAX_BYTES);

    private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,4})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(30);

    /**
     * From what an operator writes.
     *
     * @param lifetime {@code off}, or such as {@code 90s}, {@code 30m}, {@code 1h} and {@code 2d}
     * @throws ConfigException if a value cannot be used
     */
    public static StoredResponses of(String lifetime, long maxBytes) {
        if (maxBytes <= 0) {
            throw new ConfigException("--max-stored-responses must be positive, got " + maxBytes + "; to keep nothing say --keep-responses off");
        }
        return new StoredResponses(time(lifetime), maxBytes);
    }

    private static Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (text.equals("off")) {
            return Duration.ZERO;
        }
        if (!time.matches()) {
            throw new ConfigException("--keep-responses must be off or a time such as 30m, 1h or 2d, got " + text);
        }
        long amount = Long.parseLong(time.group(1));
        Duration duration = switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        if (duration.compareTo(LONGEST) > 0) {
            throw new ConfigException("--keep-responses must be at most " + LONGEST.toDays() + "d, got " + text);
        }
        return duration;
    }
}
