package dev.candor.inference.limits;

import java.time.Duration;
import java.util.Optional;

/** A request is over its client's limit; nothing was taken. */
public final class RateLimitedException extends Exception {
    private final Unit unit;
    private final long limit;
    private final long asked;
    private final Optional<Duration> retryAfter;

    /** What is limited. */
    public enum Unit {
        REQUESTS,
        TOKENS
    }

    /** @param retryAfter empty if it asks for more than the limit ever allows */
    RateLimitedException(Unit unit, long limit, long asked, Optional<Duration> retryAfter) {
        super("the limit of " + limit + " " + unit + " a minute is reached", null, false, false);
        this.unit = unit;
        this.limit = limit;
        this.asked = asked;
        this.retryAfter = retryAfter;
    }

    public Unit unit() {
        return unit;
    }

    /** A minute. */
    public long limit() {
        return limit;
    }

    /** How many the request needs. */
    public long asked() {
        return asked;
    }

    /** When there will be enough, if nobody else of the client asks in between; empty if never. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
