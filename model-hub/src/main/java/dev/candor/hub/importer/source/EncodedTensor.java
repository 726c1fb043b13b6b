package dev.candor.hub.importer.source;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor within a mapped file.
 *
 * @param dimensions 1 to 4 lengths, the fastest-varying first: columns, then rows
 * @param data       the encoded weights; valid while the file is open
 */
public record EncodedTensor(String name, TensorType type, List<Long> dimensions, MemorySegment data) {
    public EncodedTensor {
        dimensions = List.copyOf(dimensions);
    }

    /** Length of a row, the fastest-varying dimension. */
    public int columns() {
        return Math.toIntExact(dimensions.getFirst());
    }

    /** Number of rows: the product of all dimensions but the first. */
    public int rows() {
        return Math.toIntExact(dimensions.stream().skip(1).reduce(1L, Math::multiplyExact));
    }

    /** The encoded bytes of row {@code row}. */
    public MemorySegment row(int row) {
        long bytes = type.rowBytes(columns());
        return data.asSlice(row * bytes, bytes);
    }

    /**
     * Writes {@code count} weights of {@code row}, from column {@code from} on, as floats to {@code out} from {@code at} on; both columns must be
     * multiples of the type's block.
     */
    public void decode(int row, int from, int count, float[] out, int at) {
        MemorySegment bytes = row(row);
        int block = type.blockSize();
        for (int i = 0; i < count; i += block) {
            Dequantizer.decode(type, bytes, type.rowBytes(from + i), out, at + i);
        }
    }

    /** Lengths for messages, for example {@code 576x192}. */
    public String shape() {
        return String.join("x", dimensions.stream().map(String::valueOf).toList());
    }
}
