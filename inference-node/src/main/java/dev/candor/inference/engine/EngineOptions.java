package dev.candor.inference.engine;

import java.time.Duration;

/**
 * Bounds of a batching engine.
 *
 * @param maxWaiting   sequences that may wait for a slot; one more is refused
 * @param prefillChunk prompt tokens to compute at most between two decode steps; at least 4
 * @param drain        how long {@link InferenceEngine#close()} lets sequences finish before it cancels them
 */
public record EngineOptions(int maxWaiting, int prefillChunk, Duration drain) {
    private static final int MIN_CHUNK = 4;

    public EngineOptions {
        if (maxWaiting < 0) {
            throw new IllegalArgumentException("maxWaiting must not be negative: " + maxWaiting);
        }
        if (prefillChunk < MIN_CHUNK) {
            throw new IllegalArgumentException("prefillChunk must be at least " + MIN_CHUNK + ": " + prefillChunk);
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain must not be negative: " + drain);
        }
    }

    public static EngineOptions defaults() {
        return new EngineOptions(64, 256, Duration.ofSeconds(30));
    }
}
