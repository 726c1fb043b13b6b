package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A tensor over memory that somebody else owns and that must outlive it. */
public final class BoundTensor implements AutoCloseable {
    private static final int DEVICE_ALLOCATOR = 0;
    private static final int DEFAULT_MEMORY = 0;

    private final Handle handle;

    private BoundTensor(Handle handle) {
        this.handle = handle;
    }

    static BoundTensor over(OrtApi api, MemorySpan memory, ElementKind kind, long... shape) throws OrtCallException {
        MemorySegment place = api.create(
                ApiFunction.CREATE_MEMORY_INFO, memory.place().name(), DEVICE_ALLOCATOR, memory.place().device(), DEFAULT_MEMORY);
        try (Handle info = new Handle(api, ApiFunction.RELEASE_MEMORY_INFO, place);
                Arena arena = Arena.ofConfined()) {
            MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, shape.length));
            for (int i = 0; i < shape.length; i++) {
                dimensions.setAtIndex(ValueLayout.JAVA_LONG, i, shape[i]);
            }
            MemorySegment value = api.create(
                    ApiFunction.CREATE_TENSOR_OVER,
                    info.address(),
                    memory.pointer(),
                    memory.bytes(),
                    dimensions,
                    (long) shape.length,
                    kind.code());
            return new BoundTensor(new Handle(api, ApiFunction.RELEASE_VALUE, value));
        }
    }

    MemorySegment address() {
        return handle.address();
    }

    /** Where ONNX Runtime sees the first element. */
    public long dataAddress() throws OrtCallException {
        return handle.api().create(ApiFunction.TENSOR_DATA, address()).address();
    }

    @Override
    public void close() {
        handle.close();
    }
}
