package dev.candor.inference.engine.sampling;

/**
 * How tokens are chosen (names and ranges of the OpenAI and vLLM APIs; {@link Sampler} says exactly what each does).
 *
 * @param temperature       0 to 2; 0 is greedy
 * @param topP              0 to 1; 0 leaves only the highest token
 * @param topK              0 for no limit
 * @param minP              0 to 1
 * @param frequencyPenalty  -2 to 2
 * @param presencePenalty   -2 to 2
 * @param repetitionPenalty above 0; 1 for none
 * @param seed              of the sequence's own random numbers
 */
public record SamplingParams(
        double temperature,
        double topP,
        int topK,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        long seed) {
    private static final double MAX_TEMPERATURE = 2;
    private static final double MAX_PENALTY = 2;

    /** The token of highest logit, always. */
    public static SamplingParams greedy() {
        return new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0);
    }

    /** @throws IllegalArgumentException naming the parameter that is out of range, in the words of the API */
    public void validate() {
        require(temperature >= 0 && temperature <= MAX_TEMPERATURE, "temperature must be between 0 and 2");
        require(topP >= 0 && topP <= 1, "top_p must be between 0 and 1");
        require(topK >= 0, "top_k must not be negative");
        require(minP >= 0 && minP <= 1, "min_p must be between 0 and 1");
        require(Math.abs(frequencyPenalty) <= MAX_PENALTY, "frequency_penalty must be between -2 and 2");
        require(Math.abs(presencePenalty) <= MAX_PENALTY, "presence_penalty must be between -2 and 2");
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty), "repetition_penalty must be a number above 0");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Whether logits are changed by the tokens seen before. */
    boolean penalises() {
        return frequencyPenalty != 0 || presencePenalty != 0 || repetitionPenalty != 1;
    }
}
