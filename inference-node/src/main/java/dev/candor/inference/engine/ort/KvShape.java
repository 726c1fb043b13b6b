package dev.candor.inference.engine.ort;

import dev.candor.hub.manifest.ModelConfig;

/**
 * The sizes of a model's keys and values.
 *
 * @param context   tokens of the longest sequence
 * @param baseCells what a run costs before any attention, in tokens of cache that could be attended to in the same time
 */
record KvShape(int layers, int kvHeads, int headSize, int context, long baseCells) {
    /** Lengths of caches are multiples of it: with other lengths ONNX Runtime's sums round differently. */
    static final int STEP = 64;

    private static final int STEPS_BETWEEN_POWERS = 16;

    /** @param weightBytes bytes that a run reads of weights, of which it takes in about two in the time of one of the cache */
    static KvShape of(ModelConfig model, int context, long weightBytes) {
        long cell = 2L * model.layers() * model.kvHeads() * model.headSize() * Float.BYTES;
        return new KvShape(model.layers(), model.kvHeads(), model.headSize(), context, weightBytes / 2 / cell);
    }

    /** Keys and values of all layers, one buffer each. */
    int buffers() {
        return 2 * layers;
    }

    /** Bytes of one token of one head, in one buffer. */
    long rowBytes() {
        return (long) headSize * Float.BYTES;
    }

    /** Bytes of one token in all buffers. */
    long tokenBytes() {
        return buffers() * kvHeads * rowBytes();
    }

    /** A cache's length for {@code tokens}: coarser the longer it is, so that growing is rare, and never more than a sixteenth too long. */
    static int lengthFor(int tokens) {
        int step = Math.max(STEP, Integer.highestOneBit(Math.max(1, tokens)) / STEPS_BETWEEN_POWERS);
        return (tokens + step - 1) / step * step;
    }
}
