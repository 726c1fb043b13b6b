package dev.candor.inference.engine;

/** A sequence in the engine. */
public interface Generation {
    /** Stops the sequence within one step; the listener still gets its result, with {@link FinishReason#CANCELLED}. Idempotent. */
    void cancel();
}
