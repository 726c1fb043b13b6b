package dev.candor.inference.engine.sampling;

/**
 * The loops over a whole vocabulary. They are written so that the compiler turns them into vector instructions, and in operations that
 * IEEE 754 defines to the bit: {@link Math#exp} may differ from one machine to another.
 */
final class Softmax {
    private static final int LANES = 4;
    private static final int BLOCK = 512;

    /** Below this a weight is below every float that matters: exp(-87) is 1.6e-38. */
    private static final double SMALLEST = -87;

    /** exp(x) is exp(x / 512) squared nine times; of so small a number eight terms of the series are enough. */
    private static final double PART = 1.0 / 512;

    private static final double LEAST_WEIGHT = exp(SMALLEST);

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

    /** {@code exp((logit - max) * scale)} of each, right to 1e-7 of it and 2e-38; 0 below exp(-87). */
    static void weights(float[] logits, float max, float scale, float[] weights) {
        for (int i = 0; i < weights.length; i++) {
            double x = Math.max((double) ((logits[i] - max) * scale), SMALLEST);
            weights[i] = (float) (exp(x) - LEAST_WEIGHT);
        }
    }

    /** The sum of {@code exp(logit - max)}, taken block by block; without what is below exp(-87). */
    static double sumOfExp(float[] logits, float max) {
        double sum = 0;
        for (int from = 0; from < logits.length; from += BLOCK) {
            sum += blockSumOfExp(logits, from, max);
        }
        return sum;
    }

    private static double blockSumOfExp(float[] logits, int from, float max) {
        int to = Math.min(from + BLOCK, logits.length);
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += exp(Math.max((double) logits[i] - max, SMALLEST)) - LEAST_WEIGHT;
        }
        return sum;
    }

    private static double exp(double x) {
        double z = x * PART;
        double e = 1 + z * (1 + z * (1.0 / 2 + z * (1.0 / 6 + z * (1.0 / 24 + z * (1.0 / 120 + z * (1.0 / 720 + z * (1.0 / 5040)))))));
        double e2 = e * e;
        double e4 = e2 * e2;
        double e8 = e4 * e4;
        double e16 = e8 * e8;
        double e32 = e16 * e16;
        double e64 = e32 * e32;
        double e128 = e64 * e64;
        double e256 = e128 * e128;
        return e256 * e256;
    }

    /** The sum, taken block by block. */
    static double sum(float[] values) {
        double sum = 0;
        for (int from = 0; from < values.length; from += BLOCK) {
            sum += blockSum(values, from);
        }
        return sum;
    }

    private static double blockSum(float[] values, int from) {
        int to = Math.min(from + BLOCK, values.length);
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + LANES <= to; i += LANES) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < to; i++) {
            a += values[i];
        }
        return (a + b) + (c + d);
    }

    /** The first index at which the running sum exceeds {@code target}; the last with a weight if rounding lets none. */
    static int pick(float[] weights, double target) {
        double sum = 0;
        for (int from = 0; from < weights.length; from += BLOCK) {
            double next = sum + blockSum(weights, from);
            int found = next > target ? pickInBlock(weights, from, target - sum) : -1;
            if (found >= 0) {
                return found;
            }
            sum = next;
        }
        int last = weights.length - 1;
        while (last > 0 && weights[last] == 0) {
            last--;
        }
        return last;
    }

    private static int pickInBlock(float[] weights, int from, double target) {
        double sum = 0;
        for (int i = from; i < Math.min(from + BLOCK, weights.length); i++) {
            sum += weights[i];
            if (sum > target && weights[i] > 0) {
                return i;
            }
        }
        return -1;
    }
}
