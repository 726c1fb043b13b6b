package dev.candor.hub.importer.source;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The tensor encodings that are read; ids and layouts are those of ggml. */
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(9, "Q8_1"), Map.entry(10, "Q2_K"), Map.entry(11, "Q3_K"), Map.entry(15, "Q8_K"), Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"), Map.entry(18, "IQ3_XXS"), Map.entry(19, "IQ1_S"), Map.entry(20, "IQ4_NL"), Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"), Map.entry(23, "IQ4_XS"), Map.entry(24, "I8"), Map.entry(25, "I16"), Map.entry(26, "I32"),
            Map.entry(27, "I64"), Map.entry(28, "F64"), Map.entry(29, "IQ1_M"), Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"), Map.entry(39, "MXFP4"));

    private final int id;
    private final int blockSize;
    private final int blockBytes;

    TensorType(int id, int blockSize, int blockBytes) {
        this.id = id;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /** ggml's number of the type. */
    public int id() {
        return id;
    }

    /** Weights of one block. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Bytes of a row of {@code columns} weights, which must be a multiple of {@link #blockSize}. */
    public long rowBytes(long columns) {
        return columns / blockSize * blockBytes;
    }

    /** The type with ggml's number {@code id}. @throws ImportException naming the type, if tensor {@code tensor} has one that is not read */
    public static TensorType of(int id, String tensor) throws ImportException {
        for (TensorType type : values()) {
            if (type.id == id) {
                return type;
            }
        }
        String readable = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
        throw new ImportException("tensor " + tensor + " has type " + OTHERS.getOrDefault(id, "number " + Integer.toUnsignedString(id))
                + ", which the importer does not read; it reads " + readable);
    }
}
