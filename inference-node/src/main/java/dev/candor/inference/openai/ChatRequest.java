package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.Priority;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A checked request for a chat completion.
 *
 * @param body         the whole body as sent
 * @param model        the model's name as sent
 * @param conversation the messages as a chat template wants them: text parts joined, {@code developer} as {@code system}
 * @param includeUsage whether a stream's last chunk tells the usage
 * @param maxTokens    tokens to generate at most, where the request says
 * @param sampling     everything about sampling but the seed
 * @param seed         where the request names one
 * @param stop         at most four texts that end the answer
 * @param minTokens    tokens to generate before the answer may end
 * @param ignoreEos    generate past end tokens
 */
public record ChatRequest(
        ObjectNode body,
        String model,
        ArrayNode conversation,
        boolean stream,
        boolean includeUsage,
        OptionalInt maxTokens,
        Sampling sampling,
        OptionalLong seed,
        List<String> stop,
        int minTokens,
        boolean ignoreEos,
        Verification verification,
        Service service) {
    /**
     * How the answer is to be made, none of which changes it.
     *
     * @param priority  {@code service_tier: "flex"} is {@link Priority#BATCH}
     * @param cacheSalt {@code cache_salt}, vLLM's: only requests of the same salt share cached prompts; empty for the common one
     */
    public record Service(Priority priority, String cacheSalt) {}

    /** Members as in {@link dev.candor.inference.engine.sampling.SamplingParams}. */
    public record Sampling(
            double temperature,
            double topP,
            int topK,
            double minP,
            double frequencyPenalty,
            double presencePenalty,
            double repetitionPenalty) {}
}
