package dev.candor.settlement.chain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether a chain answers, for people who look now and then. Asks only when it is looked at, and not often. Thread-safe. */
public final class ChainPresence {
    private static final Duration FRESH = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ChainClient chain;
    private final Clock clock;
    private CompletableFuture<Optional<String>> answer = CompletableFuture.completedFuture(Optional.empty());
    private Instant asked = Instant.MIN;

    public ChainPresence(ChainClient chain, Clock clock) {
        this.chain = chain;
        this.clock = clock;
    }

    /** Why the chain cannot be reached, in one line; empty if it answered within the last seconds. Blocks for two seconds at most. */
    public Optional<String> trouble() {
        CompletableFuture<Optional<String>> current = ask();
        try {
            return current.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.of(chain.endpoint() + " does not answer");
        } catch (ExecutionException e) {
            return Optional.of(e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while waiting for the chain");
        }
    }

    /** The question under way, or answered just now, else a new one. */
    private synchronized CompletableFuture<Optional<String>> ask() {
        Instant now = clock.instant();
        if (answer.isDone() && now.isAfter(asked.plus(FRESH))) {
            asked = now;
            answer = new CompletableFuture<>();
            CompletableFuture<Optional<String>> mine = answer;
            Thread.ofVirtual().name("chain-presence").start(() -> mine.complete(look()));
        }
        return answer;
    }

    private Optional<String> look() {
        try {
            chain.blockNumber();
            return Optional.empty();
        } catch (ChainException | RuntimeException e) {
            return Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
