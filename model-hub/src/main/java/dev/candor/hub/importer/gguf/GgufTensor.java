package dev.candor.hub.importer.gguf;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor within an open GGUF file.
 *
 * @param dimensions 1 to 4 lengths, the fastest-varying first as ggml writes them
 * @param data       the encoded weights; valid while the file is open
 */
public record GgufTensor(String name, TensorType type, List<Long> dimensions, MemorySegment data) {
    public GgufTensor {
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

    /** Writes the {@code columns()} weights of {@code row} as floats to {@code out} from {@code at} on. */
    public void decodeRow(int row, float[] out, int at) {
        MemorySegment bytes = row(row);
        int block = type.blockSize();
        for (int i = 0, blocks = columns() / block; i < blocks; i++) {
            Dequantizer.decode(type, bytes, (long) i * type.blockBytes(), out, at + i * block);
        }
    }

    /** Lengths for messages, for example {@code 576x192}. */
    public String shape() {
        return String.join("x", dimensions.stream().map(String::valueOf).toList());
    }
}
