package dev.candor.inference.engine.sampling;

/** Scratch memory of samplers that take turns on one thread. */
public final class SamplerWorkspace {
    private final float[] weights;
    private final long[] keys;

    public SamplerWorkspace(int vocabulary) {
        this.weights = new float[vocabulary];
        this.keys = new long[vocabulary];
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
