package dev.candor.inference.engine.sampling;

/**
 * How the tokens of one answer are chosen (names and ranges of the OpenAI and vLLM APIs; {@link Sampler} says exactly what each does).
 *
 * @param temperature       0 to 2; 0 is greedy
 * @param topP              0 to 1; 0 leaves only the highest token
 * @param topK              0 for no limit
 * @param minP              0 to 1
 * @param frequencyPenalty  -2 to 2
 * @param presencePenalty   -2 to 2
 * @param repetitionPenalty above 0; 1 for none
 * @param seed              of the sequence's own random numbers
 * @param bias              added to logits
 */
public record SamplingParams(
        double temperature,
        double topP,
        int topK,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        long seed,
        LogitBias bias) {
    private static final double MAX_TEMPERATURE = 2;
    private static final double MAX_PENALTY = 2;

    /** Without bias. */
    public SamplingParams(
            double temperature,
            double topP,
            int topK,
            double minP,
            double frequencyPenalty,
            double presencePenalty,
            double repetitionPenalty,
            long seed) {
        this(temperature, topP, topK, minP, frequencyPenalty, presencePenalty, repetitionPenalty, seed, LogitBias.none());
    }

    /** The token of highest logit, always. */
    public static SamplingParams greedy() {
        return new SamplingParams(0, 1, 0, 0, 0, 0, 1, 0);
    }

    /**
     * Of one of the answers to the same prompt, given those of the first: the seed is higher by {@code choice}, wrapping around. Whoever checks a
     * request's answers again counts on it.
     *
     * @param choice the answer's number, from 0 on
     */
    public SamplingParams forChoice(int choice) {
        return new SamplingParams(
                temperature, topP, topK, minP, frequencyPenalty, presencePenalty, repetitionPenalty, seed + choice, bias);
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
