package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineStats;

/** Runs sequences through one encoder model, many in a batch. Thread-safe. */
public interface EncoderEngine extends AutoCloseable {
    /** {@link EngineInfo#contextLength()} is the longest sequence, special tokens included. */
    EngineInfo info();

    EngineStats stats();

    /** False once the engine can serve no more: it was closed, or its thread died. */
    boolean healthy();

    /** Refuses new work, lets what is at work finish for a bounded time, and frees the memory. */
    @Override
    void close();
}
