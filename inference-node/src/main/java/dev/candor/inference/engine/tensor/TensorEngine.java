package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineStats;

/** Runs any ONNX graph on tensors as they are given. Thread-safe. */
public interface TensorEngine extends AutoCloseable {
    /** {@link EngineInfo#contextLength()} is 0: there are no tokens. */
    EngineInfo info();

    EngineStats stats();

    /** False once the engine can serve no more. */
    boolean healthy();

    /** Refuses new work, lets what is at work finish for a bounded time, and frees the memory. */
    @Override
    void close();
}
