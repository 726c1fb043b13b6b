package dev.candor.inference.engine;

/** Runs sequences of one model in a continuous batch. Thread-safe. */
public interface InferenceEngine extends ModelEngine {
    /**
     * Queues a sequence. The listener is called on the engine's thread and must not block.
     *
     * @throws EngineOverloadedException if the queue is full, the engine is closing, or its thread died
     * @throws IllegalArgumentException  if the prompt is empty, leaves no room in the context for one token, or has a token outside
     *                                   the vocabulary; or if a limit or sampling parameter is out of range
     */
    Generation submit(GenerationRequest request, GenerationListener listener) throws EngineOverloadedException;

    /** Whether its answers can be computed again to the last bit by {@link #score scoring} them. */
    default boolean replayable() {
        return false;
    }

    /**
     * Queues a transcript to be scored beside all else, at low priority: with what memory is left over, and for a bounded time.
     *
     * @throws EngineOverloadedException     if too many wait, or the engine is closing
     * @throws IllegalArgumentException      if it does not fit the context or the vocabulary
     * @throws UnsupportedOperationException if the engine is not {@link #replayable()}
     */
    default void score(ScoringTask task) throws EngineOverloadedException {
        throw new UnsupportedOperationException("this engine does not score transcripts");
    }

    /** Ids that end an answer. */
    default int[] endTokens() {
        return new int[0];
    }

    /** Token ids run from 0 to this, exclusive; where {@link #replayable()}. */
    default int vocabSize() {
        throw new UnsupportedOperationException("this engine does not score transcripts");
    }
}
