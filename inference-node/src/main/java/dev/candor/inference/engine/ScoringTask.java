package dev.candor.inference.engine;

import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;

/**
 * Tokens whose logits somebody wants to look at, position after position. What it is told of comes on the engine's thread, must not block and
 * must not throw; of exactly one end it hears.
 */
public interface ScoringTask {
    /** All tokens, at least two, none outside the vocabulary; the last one's logits are not computed. */
    int[] tokens();

    /** The first position whose logits are wanted, those by which the token after it was chosen. */
    int firstRow();

    /**
     * The next position's logits.
     *
     * @param logits may be overwritten
     * @return false if no more are wanted
     */
    boolean row(float[] logits);

    /** Whether nobody wants it any more. */
    boolean cancelled();

    /** {@link System#nanoTime()} after which it is ended with a {@link TimeoutException}. */
    default OptionalLong deadlineNanos() {
        return OptionalLong.empty();
    }

    /** All positions were told, or as many as were wanted. */
    void finished();

    /**
     * It has ended otherwise.
     *
     * @param failure a {@link TimeoutException} after its deadline, an {@link EngineOverloadedException} if the engine had no memory or time
     *                to spare for it for too long, the model's failure, or the engine's end
     */
    void failed(Exception failure);
}
