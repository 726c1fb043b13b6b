package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A range of memory that need not be the host's: only what {@link #host()} gives may be read by Java.
 *
 * @param address as the device counts
 */
public record MemorySpan(MemoryPlace place, long address, long bytes) {
    /** A host segment as a span; the segment must outlive its use. */
    public static MemorySpan of(MemorySegment segment) {
        return new MemorySpan(MemoryPlace.HOST, segment.address(), segment.byteSize());
    }

    /** @throws IndexOutOfBoundsException if it is not inside */
    public MemorySpan slice(long from, long length) {
        Objects.checkFromIndexSize(from, length, bytes);
        return new MemorySpan(place, address + from, length);
    }

    /** A view on host memory, valid while the memory is. @throws IllegalStateException if it lies on a device */
    public MemorySegment host() {
        if (!place.equals(MemoryPlace.HOST)) {
            throw new IllegalStateException("memory of " + place + " cannot be read by the host");
        }
        return pointer().reinterpret(bytes);
    }

    /** The bare address, to be handed to native code. */
    public MemorySegment pointer() {
        return MemorySegment.ofAddress(address);
    }
}
