package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.ElementType;

/** Rounds blocks of 32 floats to scale·(q - zero) with q and zero in 0..15, trying scales around the obvious one. */
final class FourBitSearch {
    private static final int BLOCK = WeightWriter.BLOCK;
    private static final int MAX = 15;
    private static final float[] FACTORS = {1f, 0.92f, 0.95f, 0.975f, 1.025f, 1.05f, 1.08f};

    private final ElementType scaleType;
    private final float[] errors = new float[BLOCK];
    private int[] weights = new int[BLOCK];
    private int[] spare = new int[BLOCK];
    private float scale;
    private int zero;
    private float least;

    /** @param scaleType what the scale will be stored as, FLOAT or FLOAT16 */
    FourBitSearch(ElementType scaleType) {
        this.scaleType = scaleType;
    }

    /**
     * Rounds the block of {@code values} at {@code from}.
     *
     * @param hint the scale of the block in the file, 0 if it has none
     */
    void round(float[] values, int from, float hint) {
        float low = 0;
        float high = 0;
        for (int i = from; i < from + BLOCK; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        float first = hint > 0 ? hint : (high - low) / MAX;
        least = Float.POSITIVE_INFINITY;
        for (float factor : FACTORS) {
            float tried = stored(first == 0 ? 1e-8f : first * factor);
            float shift = -low / tried;
            int below = Math.clamp((int) Math.floor(shift), 0, MAX);
            attempt(values, from, tried, below);
            if (below < MAX && below < shift) {
                attempt(values, from, tried, below + 1);
            }
        }
    }

    float scale() {
        return scale;
    }

    int zero() {
        return zero;
    }

    /** The 32 whole numbers; overwritten by the next block. */
    int[] weights() {
        return weights;
    }

    private float stored(float value) {
        if (scaleType != ElementType.FLOAT16) {
            return value;
        }
        float half = Float.float16ToFloat(Float.floatToFloat16(value));
        return half == 0 ? Float.float16ToFloat((short) 1) : half;
    }

    private void attempt(float[] values, int from, float tried, int shift) {
        float steps = 1 / tried;
        float middle = shift + 0.5f;
        int[] quants = spare;
        for (int i = 0; i < BLOCK; i++) {
            float value = values[from + i];
            // Truncation rounds down, but below 0, where the clamp follows.
            int quant = Math.min(Math.max((int) (value * steps + middle), 0), MAX);
            quants[i] = quant;
            float error = (quant - shift) * tried - value;
            errors[i] = error * error;
        }
        float sum = 0;
        for (float error : errors) {
            sum += error;
        }
        if (sum < least) {
            least = sum;
            scale = tried;
            zero = shift;
            spare = weights;
            weights = quants;
        }
    }
}
