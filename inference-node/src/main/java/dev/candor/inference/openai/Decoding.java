package dev.candor.inference.openai;

import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.inference.engine.sampling.LogitBias;
import dev.candor.inference.engine.sampling.SamplingParams;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a request wants tokens to be chosen, and answers to be ended. The numbers are as in {@link SamplingParams}.
 *
 * @param seed      where the request names one
 * @param stop      at most four texts that end the answer
 * @param minTokens tokens to generate before the answer may end
 * @param ignoreEos generate past end tokens
 */
public record Decoding(
        double temperature,
        double topP,
        int topK,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        OptionalLong seed,
        LogitBias bias,
        List<String> stop,
        int minTokens,
        boolean ignoreEos) {
    /** For the engine. @param drawn the request's seed, or one drawn for it */
    public SamplingParams params(long drawn) {
        return new SamplingParams(temperature, topP, topK, minP, frequencyPenalty, presencePenalty, repetitionPenalty, drawn, bias);
    }

    /** For the receipt. */
    public SamplingBinding binding(long drawn, int maxTokens) {
        return new SamplingBinding(
                temperature, topP, topK, minP, frequencyPenalty, presencePenalty, repetitionPenalty, drawn, maxTokens, stop);
    }
}
