package dev.candor.inference.limits;

/**
 * What one client may ask for.
 *
 * @param requests a minute; 0 for as many as it likes
 * @param tokens   a minute, prompts and answers together; 0 for as many as it likes
 */
public record RateLimit(int requests, int tokens) {
    /** As much as a client likes. */
    public static final RateLimit NONE = new RateLimit(0, 0);

    /** @throws IllegalArgumentException if a limit is negative */
    public RateLimit {
        if (requests < 0 || tokens < 0) {
            throw new IllegalArgumentException("limits must not be negative: " + requests + " requests and " + tokens + " tokens a minute");
        }
    }

    /** Whether it limits anything. */
    public boolean limits() {
        return requests > 0 || tokens > 0;
    }
}
