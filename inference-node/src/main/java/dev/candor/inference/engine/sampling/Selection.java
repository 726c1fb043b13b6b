package dev.candor.inference.engine.sampling;

import java.util.Arrays;

/**
 * Finds how high a token must stand to stay under min_p, top_k and top_p. Tokens are compared by key: the logit, then the lower id. The
 * search narrows a range by partitioning (Hoare's quickselect, 1961), which is linear in the number of tokens, where sorting is not.
 */
final class Selection {
    private static final int BLOCK = 64;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final float[] logits;
    private final float[] weights;
    private final long[] keys;
    private int count;
    private long state;

    /** @param keys scratch, as long as the vocabulary */
    Selection(float[] logits, float[] weights, long[] keys) {
        this.logits = logits;
        this.weights = weights;
        this.keys = keys;
    }

    /** Orders by logit, then by falling id; no two tokens have the same. */
    static long key(float logit, int id) {
        int bits = Float.floatToRawIntBits(logit + 0f);
        int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ordered << Integer.SIZE | ~id & 0xFFFFFFFFL;
    }

    private static int id(long key) {
        return ~(int) key;
    }

    /** The lowest key that stays. */
    long floor(SamplingParams params) {
        float least = (float) params.minP();
        if (params.topK() > 0) {
            gather(Math.max(least, surelyAmongHighest(params.topK())));
            count = Math.min(count, cut(params.topK(), false));
        }
        if (params.topP() < 1) {
            cutTopP(params, least);
        } else if (params.topK() == 0) {
            gather(least);
        }
        long floor = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            floor = Math.min(floor, keys[i]);
        }
        return floor;
    }

    private void cutTopP(SamplingParams params, float least) {
        double total = params.topK() > 0 ? total(0, count) : totalFrom(least);
        if (params.topK() == 0) {
            // Tokens this light weigh less than 1 - top_p all together, so those that reach top_p are among the others;
            // half of it leaves room for rounding.
            gather((float) Math.max(least, total * (1 - params.topP()) / weights.length / 2));
        }
        count = Math.min(count, Math.max(1, cut(total * params.topP(), true)));
    }

    private double totalFrom(float least) {
        if (least == 0) {
            return Softmax.sum(weights);
        }
        double total = 0;
        for (float weight : weights) {
            total += weight >= least ? weight : 0;
        }
        return total;
    }

    /**
     * A weight that at least {@code k} tokens reach: the k-th highest of the blocks' highest. With it few tokens need to be looked at.
     */
    private float surelyAmongHighest(int k) {
        int blocks = weights.length / BLOCK;
        if (k == 0 || k > blocks) {
            return 0;
        }
        float[] highest = new float[blocks];
        for (int block = 0; block < blocks; block++) {
            float max = 0;
            for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
                max = Math.max(max, weights[i]);
            }
            highest[block] = max;
        }
        Arrays.sort(highest);
        return highest[blocks - k];
    }

    private void gather(float least) {
        count = 0;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] >= least && weights[id] > 0) {
                keys[count++] = key(logits[id], id);
            }
        }
    }

    private double total(int from, int to) {
        double total = 0;
        for (int i = from; i < to; i++) {
            total += weights[id(keys[i])];
        }
        return total;
    }

    /**
     * Brings the highest keys to the front.
     *
     * @param goal     how many of them, or their weight
     * @param byWeight which of the two
     * @return how many are needed to reach the goal
     */
    private int cut(double goal, boolean byWeight) {
        int low = 0;
        int high = count;
        double reached = 0;
        while (low < high) {
            int middle = partition(low, high);
            double above = byWeight ? total(low, middle) : middle - low;
            double with = above + (byWeight ? weights[id(keys[middle])] : 1);
            if (reached + above >= goal) {
                high = middle;
            } else if (reached + with >= goal) {
                return middle + 1;
            } else {
                reached += with;
                low = middle + 1;
            }
        }
        return high;
    }

    /** Chooses a key and puts those above it before it, the others after it. @return where it stands then */
    private int partition(int low, int high) {
        swap(pivot(low, high), high - 1);
        long pivot = keys[high - 1];
        int next = low;
        for (int i = low; i < high - 1; i++) {
            if (keys[i] > pivot) {
                swap(i, next++);
            }
        }
        swap(next, high - 1);
        return next;
    }

    private void swap(int i, int j) {
        long key = keys[i];
        keys[i] = keys[j];
        keys[j] = key;
    }

    /** The index of the median of three random keys. */
    private int pivot(int low, int high) {
        int a = random(low, high);
        int b = random(low, high);
        int c = random(low, high);
        if (keys[a] > keys[b]) {
            int swapped = a;
            a = b;
            b = swapped;
        }
        return keys[c] <= keys[a] ? a : keys[c] >= keys[b] ? b : c;
    }

    private int random(int low, int high) {
        state += STEP;
        return low + (int) Math.unsignedMultiplyHigh((state ^ state >>> Integer.SIZE) * STEP, high - low);
    }
}
