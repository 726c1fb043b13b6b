package dev.candor.inference.engine;

import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.sampling.TokenConstraint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * One sequence to generate.
 *
 * @param promptTokens token ids, at least one
 * @param maxTokens    tokens to generate at most, at least one
 * @param minTokens    tokens to generate before an end token or stop string counts; a constraint that leaves no other way ends it sooner
 * @param stopStrings  texts that end the answer and are not part of it
 * @param ignoreEos    generate past end tokens; without effect where there is a constraint
 * @param terms        how it is to be served
 * @param logprobs     how many of the likeliest tokens to tell at each place, 0 to {@value #MOST_LOGPROBS}, beside the score of the token itself; empty
 *                     for no scores
 * @param constraint   makes what the answer's tokens must obey; called once an answer. Once nothing can follow, the answer is over without an end
 *                     token
 */
public record GenerationRequest(
        int[] promptTokens,
        SamplingParams sampling,
        int maxTokens,
        int minTokens,
        List<String> stopStrings,
        boolean ignoreEos,
        ServiceTerms terms,
        OptionalInt logprobs,
        Optional<Supplier<TokenConstraint>> constraint) {
    /** Likeliest tokens that can be asked for at each place; OpenAI's bound. */
    public static final int MOST_LOGPROBS = 20;

    /** Without scores and constraint. */
    public GenerationRequest(
            int[] promptTokens,
            SamplingParams sampling,
            int maxTokens,
            int minTokens,
            List<String> stopStrings,
            boolean ignoreEos,
            ServiceTerms terms) {
        this(promptTokens, sampling, maxTokens, minTokens, stopStrings, ignoreEos, terms, OptionalInt.empty(), Optional.empty());
    }

    /** On {@link ServiceTerms#plain() plain} terms. */
    public GenerationRequest(
            int[] promptTokens, SamplingParams sampling, int maxTokens, int minTokens, List<String> stopStrings, boolean ignoreEos) {
        this(promptTokens, sampling, maxTokens, minTokens, stopStrings, ignoreEos, ServiceTerms.plain());
    }

    /** The same, served on other terms. */
    public GenerationRequest on(ServiceTerms others) {
        return new GenerationRequest(promptTokens, sampling, maxTokens, minTokens, stopStrings, ignoreEos, others, logprobs, constraint);
    }
}
