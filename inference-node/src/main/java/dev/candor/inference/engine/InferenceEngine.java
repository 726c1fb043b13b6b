package dev.candor.inference.engine;

/** Runs sequences of one model in a continuous batch. Thread-safe. */
public interface InferenceEngine extends AutoCloseable {
    /**
     * Queues a sequence. The listener is called on the engine's thread and must not block.
     *
     * @throws EngineOverloadedException if the queue is full, the engine is closing, or its thread died
     * @throws IllegalArgumentException  if the prompt is empty, leaves no room in the context for one token, or has a token outside
     *                                   the vocabulary; or if a limit or sampling parameter is out of range
     */
    Generation submit(GenerationRequest request, GenerationListener listener) throws EngineOverloadedException;

    EngineInfo info();

    EngineStats stats();

    /** False once the engine can serve no more: it was closed, or its thread died. */
    boolean healthy();

    /** Refuses new sequences, lets those at work finish for a bounded time, then cancels them and frees the memory. */
    @Override
    void close();
}
