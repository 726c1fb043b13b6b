package dev.candor.inference.engine;

/**
 * A finished sequence.
 *
 * @param tokens       every token sampled, the end token included where there was one
 * @param text         the whole answer, stop string and end token excluded
 * @param cachedTokens prompt tokens that needed no prefill
 */
public record GenerationResult(FinishReason finishReason, int[] tokens, String text, int promptTokens, int cachedTokens) {}
