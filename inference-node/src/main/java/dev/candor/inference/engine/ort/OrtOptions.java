package dev.candor.inference.engine.ort;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a model is run.
 *
 * @param slots         sequences in the KV cache at once
 * @param contextLength tokens of a slot, at most the model's own; 0 for the model's own
 * @param threads       threads of one run, the engine's own included
 * @param spin          whether these threads wait for each other by spinning for a moment before they sleep: a third faster while the
 *                      machine has as many idle cores as threads, and somewhat slower when it has not
 * @param profile       beginning of the name of a file in which ONNX Runtime notes how long each operator takes, complete once the model is closed
 */
public record OrtOptions(int slots, int contextLength, int threads, boolean spin, Optional<Path> profile) {
    private static final int MAX_SLOTS = 256;
    private static final int MOST_STAGING = 4;

    /** Without a profile. */
    public OrtOptions(int slots, int contextLength, int threads, boolean spin) {
        this(slots, contextLength, threads, spin, Optional.empty());
    }

    public OrtOptions {
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException("slots must be 1 to " + MAX_SLOTS + ": " + slots);
        }
        if (contextLength < 0) {
            throw new IllegalArgumentException("contextLength must not be negative: " + contextLength);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + threads);
        }
    }

    /** Prompts that can be prefilled at a time. */
    public int stagingSlots() {
        return Math.min(slots, MOST_STAGING);
    }

    /** Eight slots of the model's own length, a thread a core. */
    public static OrtOptions defaults() {
        return new OrtOptions(8, 0, Runtime.getRuntime().availableProcessors(), true);
    }
}
