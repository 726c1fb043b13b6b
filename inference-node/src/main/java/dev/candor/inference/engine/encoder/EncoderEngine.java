package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelEngine;
import java.util.List;
import java.util.OptionalLong;

/** Runs sequences through one encoder model, many in a batch. Thread-safe. */
public interface EncoderEngine extends ModelEngine {
    /** {@link EngineInfo#contextLength()} is the longest sequence, special tokens included. */
    @Override
    EngineInfo info();

    /** As {@link #submit(List, String, OptionalLong)}, without a deadline. */
    default Encoding submit(List<EncoderInput> inputs, String client) throws EngineOverloadedException {
        return submit(inputs, client, OptionalLong.empty());
    }

    /**
     * Queues sequences.
     *
     * @param client        whose they are: clients that wait get equal shares
     * @param deadlineNanos {@link System#nanoTime()} after which those that are not at work yet are dropped
     * @throws EngineOverloadedException if the queue is full, the engine is closing, or its thread died
     * @throws IllegalArgumentException  if there are none, or one is too long or has a token outside the vocabulary
     */
    Encoding submit(List<EncoderInput> inputs, String client, OptionalLong deadlineNanos) throws EngineOverloadedException;
}
