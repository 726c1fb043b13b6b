package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.ImportException;

/**
 * A rotary embedding: dimension pair i of the first {@code dimensions} of a head, which lie half of them apart, turns by
 * {@code position / base^(2i/dimensions)}, changed by {@code scaling}.
 *
 * @param dimensions a multiple of 16; the rest of the head is not turned
 */
public record Rope(double base, int dimensions, RopeScaling scaling) {
    public static Rope plain(double base, int dimensions) {
        return new Rope(base, dimensions, new RopeScaling.None());
    }

    /** @throws ImportException naming the number that makes no sense in heads of {@code headSize} */
    void check(int headSize) throws ImportException {
        positive("base", base);
        require(dimensions > 0 && dimensions % 16 == 0 && dimensions <= headSize,
                "the model rotates " + dimensions + " of the " + headSize + " dimensions of a head; it must be a multiple of 16, at most the head");
        switch (scaling) {
            case RopeScaling.None _ -> {}
            case RopeScaling.Linear linear -> positive("factor", linear.factor());
            case RopeScaling.Llama3 llama -> check(llama);
            case RopeScaling.Yarn yarn -> check(yarn);
            case RopeScaling.Divided divided -> check(divided);
        }
    }

    private void check(RopeScaling.Llama3 llama) throws ImportException {
        positive("factor", llama.factor());
        positive("original context", llama.originalContext());
        positive("low frequency factor", llama.lowFrequencyFactor());
        positive("high frequency factor", llama.highFrequencyFactor());
        require(llama.lowFrequencyFactor() < llama.highFrequencyFactor(), "the rotary embedding's low frequency factor is "
                + llama.lowFrequencyFactor() + ", it must be less than the high one, " + llama.highFrequencyFactor());
    }

    private void check(RopeScaling.Yarn yarn) throws ImportException {
        positive("factor", yarn.factor());
        positive("beta_fast", yarn.betaFast());
        positive("beta_slow", yarn.betaSlow());
        positive("original context", yarn.originalContext());
        positive("attention factor", yarn.attentionFactor());
        require(base != 1, "the rotary embedding's base is 1, which YaRN cannot scale");
    }

    private void check(RopeScaling.Divided divided) throws ImportException {
        positive("attention factor", divided.attentionFactor());
        require(divided.divisors().size() == dimensions / 2,
                "the model has " + divided.divisors().size() + " rotary factors, " + dimensions / 2 + " are needed");
        for (float divisor : divided.divisors()) {
            positive("factor", divisor);
        }
    }

    private static void positive(String what, double value) throws ImportException {
        require(value > 0 && Double.isFinite(value), "the rotary embedding's " + what + " is " + value + ", it must be finite and above 0");
    }

    private static void require(boolean good, String message) throws ImportException {
        if (!good) {
            throw new ImportException(message);
        }
    }
}
