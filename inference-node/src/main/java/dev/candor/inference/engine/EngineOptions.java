package dev.candor.inference.engine;

import java.time.Duration;

/**
 * Bounds of a batching engine, and what it may do to be faster.
 *
 * @param maxWaiting   sequences that may wait for a slot; one more is refused
 * @param prefillChunk prompt tokens to compute at most between two decode steps; at least 4
 * @param drain        how long {@link InferenceEngine#close()} lets sequences finish before it cancels them
 * @param kvBytes      bytes of keys and values at most, prefix cache included; 0 for what all slots can fill, twice
 * @param prefixCache  whether prompts that begin alike share what was computed for them
 * @param speculation  whether the next tokens may be guessed, where the runner can check guesses exactly
 * @param alwaysExact  whether all decodes are exact where the runner can, so that no sequence depends on which others want to be replayed;
 *                     otherwise only the steps that somebody's replay needs are
 */
public record EngineOptions(
        int maxWaiting, int prefillChunk, Duration drain, long kvBytes, boolean prefixCache, boolean speculation, boolean alwaysExact) {
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
        if (kvBytes < 0) {
            throw new IllegalArgumentException("kvBytes must not be negative: " + kvBytes);
        }
    }

    /** With all that makes it faster. */
    public EngineOptions(int maxWaiting, int prefillChunk, Duration drain) {
        this(maxWaiting, prefillChunk, drain, 0, true, true, true);
    }

    public static EngineOptions defaults() {
        return new EngineOptions(64, 256, Duration.ofSeconds(30));
    }

    public EngineOptions withKvBytes(long bytes) {
        return new EngineOptions(maxWaiting, prefillChunk, drain, bytes, prefixCache, speculation, alwaysExact);
    }

    public EngineOptions withPrefixCache(boolean on) {
        return new EngineOptions(maxWaiting, prefillChunk, drain, kvBytes, on, speculation, alwaysExact);
    }

    public EngineOptions withSpeculation(boolean on) {
        return new EngineOptions(maxWaiting, prefillChunk, drain, kvBytes, prefixCache, on, alwaysExact);
    }

    public EngineOptions withAlwaysExact(boolean on) {
        return new EngineOptions(maxWaiting, prefillChunk, drain, kvBytes, prefixCache, speculation, on);
    }
}
