package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;

/**
 * Which tensors a session reads and writes. ONNX Runtime keeps the tensors alive, not the memory under them. Where a tensor lies elsewhere
 * than the graph wants it, an input is copied when it is bound, so that later writes to it are not seen, and an output after each run.
 */
public final class IoBinding implements AutoCloseable {
    private final Handle handle;
    private final Runnable closed;

    IoBinding(Handle handle, Runnable closed) {
        this.handle = handle;
        this.closed = closed;
    }

    MemorySegment address() {
        return handle.address();
    }

    /** Takes the place of a tensor bound to the name before. @throws OrtCallException if the graph has no such input */
    public IoBinding input(String name, BoundTensor tensor) throws OrtCallException {
        handle.api().call(ApiFunction.BIND_INPUT, address(), name, tensor.address());
        return this;
    }

    /** Takes the place of a tensor bound to the name before. @throws OrtCallException if the graph has no such output */
    public IoBinding output(String name, BoundTensor tensor) throws OrtCallException {
        handle.api().call(ApiFunction.BIND_OUTPUT, address(), name, tensor.address());
        return this;
    }

    @Override
    public void close() {
        closed.run();
        handle.close();
    }
}
