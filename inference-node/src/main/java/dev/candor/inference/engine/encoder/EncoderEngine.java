package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import java.util.List;

/** Runs sequences through one encoder model, many in a batch. Thread-safe. */
public interface EncoderEngine extends AutoCloseable {
    /** {@link EngineInfo#contextLength()} is the longest sequence, special tokens included. */
    EngineInfo info();

    EngineStats stats();

    /** False once the engine can serve no more: it was closed, or its thread died. */
    boolean healthy();

    /**
     * Queues sequences.
     *
     * @param client whose they are: clients that wait get equal shares
     * @throws EngineOverloadedException if the queue is full, the engine is closing, or its thread died
     * @throws IllegalArgumentException  if there are none, or one is too long or has a token outside the vocabulary
     */
    Encoding submit(List<EncoderInput> inputs, String client) throws EngineOverloadedException;

    /** Refuses new work, lets what is at work finish for a bounded time, and frees the memory. */
    @Override
    void close();
}
