package dev.candor.hub.importer.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Decodes one block of ggml's encodings to floats, by the formulas of ggml's reference dequantisers and in their order of operations. */
public final class Dequantizer {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Adding +0 would turn -0 into +0. */
    private static final float NOTHING = -0f;

    private Dequantizer() {}

    /** Decodes the block of {@code type} at byte {@code from} of {@code data} to {@code out} from {@code at} on. */
    public static void decode(TensorType type, MemorySegment data, long from, float[] out, int at) {
        switch (type) {
            case F32 -> out[at] = data.get(FLOAT, from);
            case F16 -> out[at] = half(data, from);
            case BF16 -> out[at] = Float.intBitsToFloat(data.get(SHORT, from) << 16);
            case Q8_0 -> eightBit(data, from, out, at);
            case Q4_0 -> fourBit(half(data, from), NOTHING, 8, data, from + 2, out, at);
            case Q4_1 -> fourBit(half(data, from), half(data, from + 2), 0, data, from + 4, out, at);
            case Q5_0 -> fiveBit(half(data, from), NOTHING, 16, data, from + 2, out, at);
            case Q5_1 -> fiveBit(half(data, from), half(data, from + 2), 0, data, from + 4, out, at);
            case Q4_K, Q5_K -> KBlock.of(type, data, from).decode(out, at);
            case Q6_K -> sixBit(data, from, out, at);
        }
    }

    private static void eightBit(MemorySegment data, long from, float[] out, int at) {
        float scale = half(data, from);
        for (int i = 0; i < 32; i++) {
            out[at + i] = scale * data.get(ValueLayout.JAVA_BYTE, from + 2 + i);
        }
    }

    private static void fourBit(float scale, float minimum, int zero, MemorySegment data, long nibbles, float[] out, int at) {
        for (int i = 0; i < 16; i++) {
            int both = data.get(ValueLayout.JAVA_BYTE, nibbles + i);
            out[at + i] = scale * ((both & 15) - zero) + minimum;
            out[at + i + 16] = scale * ((both >> 4 & 15) - zero) + minimum;
        }
    }

    private static void fiveBit(float scale, float minimum, int zero, MemorySegment data, long bits, float[] out, int at) {
        for (int i = 0; i < 32; i++) {
            out[at + i] = scale * (fiveBits(data, bits, i) - zero) + minimum;
        }
    }

    /** Q6_K: 128 bytes of low halves, 64 of upper bit pairs, 16 signed scales, then the scale of them all. */
    private static void sixBit(MemorySegment data, long from, float[] out, int at) {
        for (int i = 0; i < 256; i++) {
            out[at + i] = sixBitScale(data, from, i / 16) * sixBits(data, from, i);
        }
    }

    /** Scale of group {@code group} of 16 of the Q6_K block at byte {@code from}. */
    public static float sixBitScale(MemorySegment data, long from, int group) {
        return half(data, from + 208) * data.get(ValueLayout.JAVA_BYTE, from + 192 + group);
    }

    /** Weight {@code i} of 256 of the Q6_K block at byte {@code from}, -32 to 31. */
    public static int sixBits(MemorySegment data, long from, int i) {
        int within = i % 128;
        int low = data.get(ValueLayout.JAVA_BYTE, from + i / 128 * 64 + within % 64) >> (within / 64 * 4) & 15;
        int high = data.get(ValueLayout.JAVA_BYTE, from + 128 + i / 128 * 32 + within % 32) >> (within / 32 * 2) & 3;
        return (low | high << 4) - 32;
    }

    /** The IEEE half-precision number at byte {@code from}. */
    public static float half(MemorySegment data, long from) {
        return Float.float16ToFloat(data.get(SHORT, from));
    }

    /** Weight {@code i} of 32, as ggml packs them: byte j holds weight j in its low and weight j+16 in its high half. */
    public static int nibble(MemorySegment data, long from, int i) {
        int both = data.get(ValueLayout.JAVA_BYTE, from + (i & 15));
        return i < 16 ? both & 15 : (both >> 4) & 15;
    }

    /** Weight {@code i} of 32 of Q5_0 and Q5_1: four bytes with the highest bits, then as {@link #nibble}. */
    public static int fiveBits(MemorySegment data, long from, int i) {
        int high = data.get(ValueLayout.JAVA_BYTE, from + i / 8) >> (i % 8) & 1;
        return nibble(data, from + 4, i) | high << 4;
    }
}
