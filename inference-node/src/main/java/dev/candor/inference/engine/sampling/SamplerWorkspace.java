package dev.candor.inference.engine.sampling;

/** Scratch memory of samplers that take turns on one thread. */
public final class SamplerWorkspace {
    private final float[] weights;
    private final long[] keys;
    private float[] logits = new float[0];

    public SamplerWorkspace(int vocabulary) {
        this.weights = new float[vocabulary];
        this.keys = new long[vocabulary];
    }

    /** A copy of logits that lasts until the next one is made. */
    public float[] keep(float[] values) {
        if (logits.length == 0) {
            logits = new float[weights.length];
        }
        System.arraycopy(values, 0, logits, 0, logits.length);
        return logits;
    }

    int vocabulary() {
        return weights.length;
    }

    float[] weights() {
        return weights;
    }

    long[] keys() {
        return keys;
    }
}
