package dev.candor.inference.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor's elements in row-major order, little-endian; those of {@link Datatype#BYTES} are each a length of four bytes and so many bytes. This is the
 * layout of the Open Inference Protocol's binary data.
 *
 * @param shape none at all for a scalar
 * @param data  must not change
 */
public record Tensor(String name, Datatype datatype, List<Long> shape, MemorySegment data) {
    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** @throws IllegalArgumentException if the bytes do not fit shape and type */
    public Tensor {
        shape = List.copyOf(shape);
        long elements = elements(shape);
        if (datatype == Datatype.BYTES) {
            requireTexts(name, data, elements);
        } else if (elements > Long.MAX_VALUE / datatype.width() || data.byteSize() != elements * datatype.width()) {
            throw new IllegalArgumentException("tensor '" + name + "' of shape " + shape + " and type " + datatype + " needs "
                    + elements + " elements of " + datatype.width() + " bytes, it has " + data.byteSize() + " bytes");
        }
    }

    /** Number of elements. */
    public long elements() {
        return elements(shape);
    }

    /** Number of elements of a shape. @throws IllegalArgumentException if a length is negative or the product past 63 bits */
    public static long elements(List<Long> shape) {
        long elements = 1;
        for (long length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException("the shape " + shape + " has a negative length");
            }
            if (length > 0 && elements > Long.MAX_VALUE / length) {
                throw new IllegalArgumentException("the shape " + shape + " has more elements than can be counted");
            }
            elements *= length;
        }
        return elements;
    }

    private static void requireTexts(String name, MemorySegment data, long elements) {
        long at = 0;
        for (long i = 0; i < elements; i++) {
            long left = data.byteSize() - at;
            long length = left < Integer.BYTES ? -1 : data.get(LENGTH, at);
            if (length < 0 || length > left - Integer.BYTES) {
                throw new IllegalArgumentException("tensor '" + name + "' has " + elements + " strings, its bytes end within number " + i);
            }
            at += Integer.BYTES + length;
        }
        if (at != data.byteSize()) {
            throw new IllegalArgumentException("tensor '" + name + "' has " + (data.byteSize() - at) + " bytes after its " + elements + " strings");
        }
    }
}
