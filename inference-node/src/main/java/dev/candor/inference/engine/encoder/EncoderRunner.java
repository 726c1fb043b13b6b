package dev.candor.inference.engine.encoder;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import java.util.List;

/** Runs one encoder graph. Not thread-safe: one thread makes all calls. */
public interface EncoderRunner extends AutoCloseable {
    EngineInfo info();

    /** Token ids run from 0 to this, exclusive. */
    int vocabSize();

    /** Most tokens of one run: sequences times the longest of them. */
    int maxRunTokens();

    /**
     * Runs sequences together.
     *
     * @return for each, in their order, what the model gives for it alone: a vector, a score for each label, or for each token and label
     * @throws ModelException if the model fails; nothing is known of any of them then
     */
    List<float[]> run(List<EncoderInput> batch) throws ModelException;

    /** Nothing was to be run for a while: gives work space of earlier runs back to the system. */
    default void rest() {}

    @Override
    void close();
}
