package dev.candor.inference.limits;

/**
 * What is left of a limit a minute: it holds at most the limit, and fills evenly, all of it in a minute. Counted in whole numbers, so that nothing
 * is lost to rounding. Not thread-safe; times are microseconds of any clock that never goes back.
 */
final class TokenBucket {
    /** Parts of one thing in the bucket; each microsecond adds as many parts as the limit says. */
    private static final long PARTS = 60_000_000;

    private final long limit;
    private long level;
    private long at;

    /** A full one. @param limit from 1 on */
    TokenBucket(long limit, long now) {
        this.limit = limit;
        this.level = limit * PARTS;
        this.at = now;
    }

    /** One of another limit from which as much is missing as from this one. */
    TokenBucket resized(long newLimit, long now) {
        fill(now);
        TokenBucket other = new TokenBucket(newLimit, now);
        other.level = Math.max(0, other.level - (limit * PARTS - level));
        return other;
    }

    private void fill(long now) {
        long elapsed = Math.clamp(now - at, 0, PARTS);
        level = Math.min(limit * PARTS, level + elapsed * limit);
        at = Math.max(at, now);
    }

    long limit() {
        return limit;
    }

    /** Takes so many out. There must be as many. */
    void take(long amount, long now) {
        fill(now);
        level -= amount * PARTS;
    }

    /** Puts so many back that were not used. */
    void give(long amount, long now) {
        fill(now);
        level = Math.min(limit * PARTS, level + Math.min(amount, limit) * PARTS);
    }

    /** Whole ones in it. */
    long remaining(long now) {
        fill(now);
        return level / PARTS;
    }

    /** Microseconds until there are so many, at most the limit. */
    long until(long amount, long now) {
        fill(now);
        return Math.ceilDiv(Math.max(0, Math.min(amount, limit) * PARTS - level), limit);
    }

    /** Whether nothing is missing. */
    boolean full(long now) {
        fill(now);
        return level == limit * PARTS;
    }
}
