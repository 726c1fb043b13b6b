package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelEngine;
import java.time.Duration;

/** Runs any ONNX graph on tensors as they are given, one request after the other, fairly among clients. Thread-safe. */
public interface TensorEngine extends ModelEngine {
    TensorSignature signature();

    /** The longest that a request may wait and run. */
    Duration patience();

    /**
     * Queues a request.
     *
     * @throws EngineOverloadedException if the queue is full or the engine is closing
     * @throws TensorMismatchException   if the request does not fit {@link #signature()}
     */
    TensorRun submit(TensorRequest request) throws EngineOverloadedException, TensorMismatchException;

    /** {@link EngineInfo#contextLength()} is 0: there are no tokens. */
    @Override
    EngineInfo info();
}
