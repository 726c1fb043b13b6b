package dev.candor.inference.engine;

import dev.candor.inference.engine.sampling.SamplingParams;
import java.util.List;

/**
 * One sequence to generate.
 *
 * @param promptTokens token ids, at least one
 * @param maxTokens    tokens to generate at most, at least one
 * @param minTokens    tokens to generate before an end token or stop string counts
 * @param stopStrings  texts that end the answer and are not part of it
 * @param ignoreEos    generate past end tokens
 */
public record GenerationRequest(
        int[] promptTokens, SamplingParams sampling, int maxTokens, int minTokens, List<String> stopStrings, boolean ignoreEos) {}
