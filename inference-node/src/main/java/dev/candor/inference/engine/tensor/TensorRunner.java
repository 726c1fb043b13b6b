package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import java.util.List;

/** Runs one graph. Not thread-safe: one thread makes all calls. */
public interface TensorRunner extends AutoCloseable {
    TensorSignature signature();

    /** {@link EngineInfo#contextLength()} is 0: there are no tokens. */
    EngineInfo info();

    /**
     * Runs the graph once.
     *
     * @param inputs    every one of the graph's, checked against {@link #signature()}
     * @param outputs   names of those to give, in this order
     * @param maxOutput bytes that the outputs may have together
     * @throws ModelException if the run fails, was stopped, or gives more than {@code maxOutput}; the next run is not affected
     */
    List<Tensor> run(List<Tensor> inputs, List<String> outputs, long maxOutput, RunControl control) throws ModelException;

    /** Frees the model's memory. */
    @Override
    void close();
}
