package dev.candor.hub.importer.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Decodes one block of ggml's encodings to floats, by the formulas of ggml's reference dequantisers. */
public final class Dequantizer {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Dequantizer() {}

    /** Decodes the block of {@code type} at byte {@code from} of {@code data} to {@code out} from {@code at} on. */
    public static void decode(TensorType type, MemorySegment data, long from, float[] out, int at) {
        switch (type) {
            case F32 -> out[at] = data.get(FLOAT, from);
            case F16 -> out[at] = half(data, from);
            case Q8_0 -> {
                float scale = half(data, from);
                for (int i = 0; i < 32; i++) {
                    out[at + i] = scale * data.get(ValueLayout.JAVA_BYTE, from + 2 + i);
                }
            }
            case Q4_0 -> {
                float scale = half(data, from);
                for (int i = 0; i < 32; i++) {
                    out[at + i] = scale * (nibble(data, from + 2, i) - 8);
                }
            }
            case Q4_1 -> {
                float scale = half(data, from);
                float minimum = half(data, from + 2);
                for (int i = 0; i < 32; i++) {
                    out[at + i] = scale * nibble(data, from + 4, i) + minimum;
                }
            }
        }
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
}
