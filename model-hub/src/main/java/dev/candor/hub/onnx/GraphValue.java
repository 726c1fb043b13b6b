package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A graph's input, output or inner value ({@code ValueInfoProto}). */
public record GraphValue(String name, Type type) {
    /** What a value is. */
    public sealed interface Type {}

    /** @param shape absent where not even the number of dimensions is told; none at all make a scalar */
    public record Tensor(ElementType element, Optional<List<Dimension>> shape) implements Type {
        public Tensor {
            shape = shape.map(List::copyOf);
        }
    }

    /**
     * No tensor.
     *
     * @param kind    {@code sequence}, {@code map}, {@code optional}, {@code sparse tensor} or {@code opaque}; or {@code untyped}
     * @param message the whole type, carried along as it is; empty where there is none
     */
    public record Other(String kind, MemorySegment message) implements Type {}

    /**
     * A length.
     *
     * @param size -1 where it is free
     * @param name of a free length, empty where it has none
     */
    public record Dimension(long size, String name) {
        public static final long FREE = -1;

        public boolean free() {
            return size == FREE;
        }

        @Override
        public String toString() {
            return free() ? (name.isEmpty() ? "?" : name) : String.valueOf(size);
        }
    }
}
