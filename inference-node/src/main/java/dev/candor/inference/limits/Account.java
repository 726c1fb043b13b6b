package dev.candor.inference.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** One client's limits and what is left of them. Thread-safe; times are microseconds. */
final class Account {
    private Optional<TokenBucket> requests = Optional.empty();
    private Optional<TokenBucket> tokens = Optional.empty();

    /** Takes one request and its tokens, or nothing. */
    synchronized void take(RateLimit limit, long amount, long now) throws RateLimitedException {
        adopt(limit, now);
        requirePossible(amount);
        require(requests, RateLimitedException.Unit.REQUESTS, 1, now);
        require(tokens, RateLimitedException.Unit.TOKENS, amount, now);
        requests.ifPresent(bucket -> bucket.take(1, now));
        tokens.ifPresent(bucket -> bucket.take(amount, now));
    }

    /** Comes before what is a matter of waiting: who were told to wait for requests would wait for nothing. */
    private void requirePossible(long amount) throws RateLimitedException {
        if (tokens.isPresent() && amount > tokens.get().limit()) {
            throw new RateLimitedException(RateLimitedException.Unit.TOKENS, tokens.get().limit(), amount, Optional.empty());
        }
    }

    private static void require(Optional<TokenBucket> bucket, RateLimitedException.Unit unit, long amount, long now) throws RateLimitedException {
        if (bucket.isPresent() && bucket.get().remaining(now) < amount) {
            throw new RateLimitedException(unit, bucket.get().limit(), amount, Optional.of(micros(bucket.get().until(amount, now))));
        }
    }

    /** Gives tokens back that were taken and not used. */
    synchronized void give(long amount, long now) {
        tokens.ifPresent(bucket -> bucket.give(amount, now));
    }

    synchronized Standing standing(RateLimit limit, long now) {
        adopt(limit, now);
        return new Standing(requests.map(bucket -> count(bucket, now)), tokens.map(bucket -> count(bucket, now)));
    }

    /** Whether nothing is lost when it is forgotten. */
    synchronized boolean whole(long now) {
        return requests.map(bucket -> bucket.full(now)).orElse(true) && tokens.map(bucket -> bucket.full(now)).orElse(true);
    }

    /** Limits of keys may be changed while their accounts are there. */
    private void adopt(RateLimit limit, long now) {
        requests = adopted(requests, limit.requests(), now);
        tokens = adopted(tokens, limit.tokens(), now);
    }

    private static Optional<TokenBucket> adopted(Optional<TokenBucket> bucket, int limit, long now) {
        if (limit == 0) {
            return Optional.empty();
        }
        if (bucket.isEmpty()) {
            return Optional.of(new TokenBucket(limit, now));
        }
        return bucket.get().limit() == limit ? bucket : Optional.of(bucket.get().resized(limit, now));
    }

    private static Standing.Count count(TokenBucket bucket, long now) {
        return new Standing.Count(bucket.limit(), bucket.remaining(now), micros(bucket.until(bucket.limit(), now)));
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
