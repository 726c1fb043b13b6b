package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;

/** A pointer that ONNX Runtime gave and wants back exactly once. */
final class Handle implements AutoCloseable {
    private final OrtApi api;
    private final ApiFunction release;
    private final AtomicReference<MemorySegment> address;

    Handle(OrtApi api, ApiFunction release, MemorySegment address) {
        this.api = api;
        this.release = release;
        this.address = new AtomicReference<>(address);
    }

    /** @throws IllegalStateException after {@link #close()} */
    MemorySegment address() {
        MemorySegment current = address.get();
        if (current == null) {
            throw new IllegalStateException("closed already");
        }
        return current;
    }

    OrtApi api() {
        return api;
    }

    @Override
    public void close() {
        MemorySegment current = address.getAndSet(null);
        if (current != null) {
            api.run(release, current);
        }
    }
}
