package dev.candor.inference.engine;

/** Runs sequences of one model in a continuous batch. Thread-safe. */
public interface InferenceEngine extends AutoCloseable {
    /**
     * Queues a sequence. The listener is called on the engine's thread and must not block.
     *
     * @throws EngineOverloadedException if the queue is full or the engine is closing
     * @throws IllegalArgumentException  if the prompt is empty or longer than the context
     */
    Generation submit(GenerationRequest request, GenerationListener listener) throws EngineOverloadedException;

    EngineInfo info();

    EngineStats stats();

    /** Refuses new sequences, lets those at work finish for a bounded time, then cancels them and frees the memory. */
    @Override
    void close();
}
