package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/** A session's memory on a device. What it gave is freed with it; the tensors over it must be closed before. Not thread-safe. */
public final class DeviceAllocator implements AutoCloseable {
    private final Handle handle;
    private final MemoryPlace place;
    private final Runnable closed;
    private final Set<MemorySpan> given = new HashSet<>();

    DeviceAllocator(Handle handle, MemoryPlace place, Runnable closed) {
        this.handle = handle;
        this.place = place;
        this.closed = closed;
    }

    /** Memory of any content. @throws OrtCallException if there is not as much */
    public MemorySpan allocate(long bytes) throws OrtCallException {
        if (bytes <= 0) {
            throw new IllegalArgumentException("cannot allocate " + bytes + " bytes");
        }
        MemorySegment block = handle.api().create(ApiFunction.ALLOCATE, handle.address(), bytes);
        if (block.address() == 0) {
            throw new OrtCallException(1, "no memory for " + bytes + " bytes on " + place);
        }
        MemorySpan span = new MemorySpan(place, block.address(), bytes);
        given.add(span);
        return span;
    }

    /** @throws OrtCallException if a block cannot be freed; the others are */
    private void freeAll() throws OrtCallException {
        OrtCallException first = null;
        for (MemorySpan span : given) {
            try {
                handle.api().call(ApiFunction.FREE, handle.address(), span.pointer());
            } catch (OrtCallException e) {
                first = first == null ? e : first;
            }
        }
        given.clear();
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void close() throws OrtCallException {
        try {
            freeAll();
        } finally {
            closed.run();
            handle.close();
        }
    }
}
