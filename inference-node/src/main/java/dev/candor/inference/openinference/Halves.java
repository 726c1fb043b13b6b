package dev.candor.inference.openinference;

/** The 16-bit number format that Java does not know: the upper half of a float. */
final class Halves {
    private static final int HALF_BITS = 16;

    private Halves() {}

    /** Rounds to the nearest, ties to even. */
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> HALF_BITS | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> HALF_BITS & 1) >>> HALF_BITS);
    }

    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << HALF_BITS);
    }
}
