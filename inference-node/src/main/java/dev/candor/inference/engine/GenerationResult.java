package dev.candor.inference.engine;

import java.util.List;

/**
 * A finished sequence.
 *
 * @param tokens       every token sampled, the end token included where there was one
 * @param text         the whole answer, stop string and end token excluded
 * @param cachedTokens prompt tokens that needed no prefill
 * @param scores       of every token but an end token, where the request asks for them; else empty
 */
public record GenerationResult(
        FinishReason finishReason, int[] tokens, String text, int promptTokens, int cachedTokens, List<TokenScore> scores) {
    public GenerationResult {
        scores = List.copyOf(scores);
    }

    /** Without scores. */
    public GenerationResult(FinishReason finishReason, int[] tokens, String text, int promptTokens, int cachedTokens) {
        this(finishReason, tokens, text, promptTokens, cachedTokens, List.of());
    }
}
