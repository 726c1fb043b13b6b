package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.ModelException;
import java.util.List;

/** A request that is queued or at work. Thread-safe. */
public interface TensorRun {
    /**
     * Waits for the outputs.
     *
     * @throws ModelException         if the run failed
     * @throws TensorStoppedException if its deadline passed, it was cancelled, or the engine closed
     */
    List<Tensor> await() throws ModelException, TensorStoppedException, InterruptedException;

    /** Ends it as soon as the graph's current operator is done. Idempotent. */
    void cancel();
}
