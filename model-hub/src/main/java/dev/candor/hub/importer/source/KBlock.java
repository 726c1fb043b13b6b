package dev.candor.hub.importer.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A block of 256 weights of Q4_K or Q5_K: eight groups of 32, each with a scale and a minimum of six bits; weight = scale·q - minimum.
 *
 * <p>Layout: two half-precision factors (of scales, of minimums), 12 bytes of packed scales and minimums, in Q5_K 32 bytes with the highest bits, 128
 * bytes with the low halves.
 */
public final class KBlock {
    private static final int GROUP = 32;
    private static final int PACKED_AT = 4;
    private static final int QUANTS_AT = 16;

    private final MemorySegment data;
    private final long from;
    private final boolean five;
    private final float scales;
    private final float minimums;

    private KBlock(TensorType type, MemorySegment data, long from) {
        this.data = data;
        this.from = from;
        this.five = type == TensorType.Q5_K;
        this.scales = Dequantizer.half(data, from);
        this.minimums = Dequantizer.half(data, from + 2);
    }

    /** The block of {@code type} at byte {@code from} of {@code data}. */
    public static KBlock of(TensorType type, MemorySegment data, long from) {
        return new KBlock(type, data, from);
    }

    /** Scale of group {@code group} of 8. */
    public float scale(int group) {
        int packed = group < 4 ? packed(group) & 63 : packed(group + 4) & 15 | packed(group - 4) >> 6 << 4;
        return scales * packed;
    }

    /** What is taken off the weights of group {@code group}. */
    public float minimum(int group) {
        int packed = group < 4 ? packed(group + 4) & 63 : packed(group + 4) >> 4 | packed(group) >> 6 << 4;
        return minimums * packed;
    }

    /** Weight {@code i} of 256, 0 to 15 or 31. */
    public int quant(int i) {
        int group = i / GROUP;
        long lowAt = from + QUANTS_AT + (five ? GROUP : 0) + group / 2 * GROUP + i % GROUP;
        int low = data.get(ValueLayout.JAVA_BYTE, lowAt) >> (group % 2 * 4) & 15;
        if (!five) {
            return low;
        }
        return low | (data.get(ValueLayout.JAVA_BYTE, from + QUANTS_AT + i % GROUP) >> group & 1) << 4;
    }

    void decode(float[] out, int at) {
        for (int group = 0; group < 8; group++) {
            float scale = scale(group);
            float minimum = minimum(group);
            for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
                out[at + i] = scale * quant(i) - minimum;
            }
        }
    }

    private int packed(int index) {
        return data.get(ValueLayout.JAVA_BYTE, from + PACKED_AT + index) & 255;
    }
}
