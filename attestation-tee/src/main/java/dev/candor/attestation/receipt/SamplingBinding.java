package dev.candor.attestation.receipt;

import java.util.List;

/**
 * Every parameter that decides tokens, with all defaults filled in.
 *
 * @param temperature 0 for greedy
 * @param topK        0 for no limit
 * @param maxTokens   the effective limit, after clipping to the context
 * @param seed        the seed used, drawn by the node where the request named none
 */
public record SamplingBinding(
        double temperature,
        double topP,
        int topK,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        long seed,
        int maxTokens,
        List<String> stop) {
    /** For requests that generate no tokens: nothing is drawn, and there is no limit to name. */
    public static SamplingBinding none() {
        return new SamplingBinding(0, 1, 0, 0, 0, 0, 1, 0, 0, List.of());
    }
}
