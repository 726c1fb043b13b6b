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
 * @param terms        how it is to be served
 */
public record GenerationRequest(
        int[] promptTokens,
        SamplingParams sampling,
        int maxTokens,
        int minTokens,
        List<String> stopStrings,
        boolean ignoreEos,
        ServiceTerms terms) {
    /** On {@link ServiceTerms#plain() plain} terms. */
    public GenerationRequest(
            int[] promptTokens, SamplingParams sampling, int maxTokens, int minTokens, List<String> stopStrings, boolean ignoreEos) {
        this(promptTokens, sampling, maxTokens, minTokens, stopStrings, ignoreEos, ServiceTerms.plain());
    }
}
