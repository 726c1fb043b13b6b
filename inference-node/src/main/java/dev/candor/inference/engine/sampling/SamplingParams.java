package dev.candor.inference.engine.sampling;

/**
 * How tokens are chosen (names and ranges of the OpenAI and vLLM APIs).
 *
 * @param temperature       0 to 2; 0 is greedy
 * @param topP              above 0, up to 1
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
        long seed) {}
