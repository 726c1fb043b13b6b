package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;

/** Weights in the layout that kernels want, kept once for several sessions of the same graph. */
public final class PrepackedWeights implements AutoCloseable {
    private final Handle handle;

    PrepackedWeights(Handle handle) {
        this.handle = handle;
    }

    MemorySegment address() {
        return handle.address();
    }

    @Override
    public void close() {
        handle.close();
    }
}
