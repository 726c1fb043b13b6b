package dev.candor.inference.engine.sampling;

/**
 * The loops over a whole vocabulary. They are written so that the compiler turns them into vector instructions, and in operations that
 * IEEE 754 defines to the bit: {@link Math#exp} may differ from one machine to another.
 */
final class Softmax {
    private static final int LANES = 8;

    /** Below this a weight is below every float that matters: exp(-87) is 1.6e-38. */
    private static final float SMALLEST = -87f;

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding it rounds a small float to a whole number, which then stands in its low bits. */
    private static final float ROUNDER = 12582912f;

    private static final int ROUNDER_BITS = 0x4B400000;
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;

    private Softmax() {}

    /** The largest; NaN if there is one. */
    static float max(float[] values) {
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    /** The first index of a value that is there. */
    static int indexOf(float[] values, float value) {
        int i = 0;
        while (values[i] != value) {
            i++;
        }
        return i;
    }

    /** {@code exp((logit - max) * scale)} of each, within 2e-7 of it; 0 below exp(-87). */
    static void weights(float[] logits, float max, float scale, float[] weights) {
        for (int i = 0; i < weights.length; i++) {
            float x = (logits[i] - max) * scale;
            float clamped = Math.max(x, SMALLEST);
            float rounded = clamped * LOG2_E + ROUNDER;
            float power = rounded - ROUNDER;
            float f = clamped - power * LN2_HIGH - power * LN2_LOW;
            float series = 1f + f * (1f + f * (1f / 2 + f * (1f / 6 + f * (1f / 24 + f * (1f / 120 + f * (1f / 720))))));
            float scaled = series
                    * Float.intBitsToFloat((Float.floatToRawIntBits(rounded) - ROUNDER_BITS + EXPONENT_BIAS) << MANTISSA_BITS);
            weights[i] = x < SMALLEST ? 0f : scaled;
        }
    }

    /** The sum, in eight interleaved parts. */
    static double sum(float[] values) {
        double[] parts = new double[LANES];
        int whole = values.length - values.length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                parts[lane] += values[i + lane];
            }
        }
        for (int i = whole; i < values.length; i++) {
            parts[i - whole] += values[i];
        }
        double sum = 0;
        for (double part : parts) {
            sum += part;
        }
        return sum;
    }

    /** The first index at which the running sum exceeds {@code target}; the last with a weight if rounding lets none. */
    static int pick(float[] weights, double target) {
        double sum = 0;
        int last = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                sum += weights[i];
                last = i;
                if (sum > target) {
                    return i;
                }
            }
        }
        return last;
    }
}
