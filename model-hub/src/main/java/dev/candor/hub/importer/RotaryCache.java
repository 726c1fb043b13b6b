package dev.candor.hub.importer;

/**
 * Cosines and sines of the rotary embedding, each [positions, headSize/2]. By {@link StrictMath}, whose results are the same on every machine, since
 * these bytes are part of the model's digest.
 */
record RotaryCache(float[] cosines, float[] sines) {
    /** @param divisors of the frequencies, headSize/2 of them; ones where the model scales nothing */
    static RotaryCache of(int positions, int headSize, double base, float[] divisors) {
        int half = headSize / 2;
        float[] cosines = new float[Math.multiplyExact(positions, half)];
        float[] sines = new float[cosines.length];
        for (int i = 0; i < half; i++) {
            double frequency = 1 / StrictMath.pow(base, 2.0 * i / headSize) / divisors[i];
            for (int position = 0; position < positions; position++) {
                double angle = position * frequency;
                cosines[position * half + i] = (float) StrictMath.cos(angle);
                sines[position * half + i] = (float) StrictMath.sin(angle);
            }
        }
        return new RotaryCache(cosines, sines);
    }
}
