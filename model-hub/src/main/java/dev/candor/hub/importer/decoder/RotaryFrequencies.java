package dev.candor.hub.importer.decoder;

/** Angles per position of each pair of rotated dimensions; by {@link StrictMath}, so that every machine computes the same. */
final class RotaryFrequencies {
    private final Rope rope;

    RotaryFrequencies(Rope rope) {
        this.rope = rope;
    }

    /** One frequency for each pair of dimensions, in radians a position. */
    double[] values() {
        int pairs = rope.dimensions() / 2;
        double[] values = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            double plain = 1 / StrictMath.pow(rope.base(), 2.0 * i / rope.dimensions());
            values[i] = switch (rope.scaling()) {
                case RopeScaling.None _ -> plain;
                case RopeScaling.Linear linear -> plain / linear.factor();
                case RopeScaling.Llama3 llama -> blended(plain, llama);
                case RopeScaling.Yarn yarn -> blended(plain, i, yarn);
                case RopeScaling.Divided divided -> plain / divided.divisors().get(i);
            };
        }
        return values;
    }

    /** What cosines and sines are multiplied by. */
    double attentionFactor() {
        return switch (rope.scaling()) {
            case RopeScaling.Yarn yarn -> yarn.attentionFactor();
            case RopeScaling.Divided divided -> divided.attentionFactor();
            default -> 1;
        };
    }

    private static double blended(double plain, RopeScaling.Llama3 llama) {
        double turns = llama.originalContext() * plain / (2 * StrictMath.PI);
        double share = (turns - llama.lowFrequencyFactor()) / (llama.highFrequencyFactor() - llama.lowFrequencyFactor());
        double kept = Math.clamp(share, 0, 1);
        return kept * plain + (1 - kept) * plain / llama.factor();
    }

    private double blended(double plain, int pair, RopeScaling.Yarn yarn) {
        double low = border(yarn.betaFast(), yarn);
        double high = border(yarn.betaSlow(), yarn);
        low = Math.max(yarn.truncate() ? StrictMath.floor(low) : low, 0);
        high = Math.min(yarn.truncate() ? StrictMath.ceil(high) : high, rope.dimensions() - 1);
        double ramp = Math.clamp((pair - low) / Math.max(high - low, 0.001), 0, 1);
        return ramp * plain / yarn.factor() + (1 - ramp) * plain;
    }

    /** The pair of dimensions, as a real number, that turns {@code turns} times within the original context. */
    private double border(double turns, RopeScaling.Yarn yarn) {
        return rope.dimensions() * StrictMath.log(yarn.originalContext() / (turns * 2 * StrictMath.PI)) / (2 * StrictMath.log(rope.base()));
    }
}
