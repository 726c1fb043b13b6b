package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked request for completions.
 *
 * @param body      the whole body as sent
 * @param model     the model's name as sent
 * @param prompts   to be continued, at least one; all of the same kind
 * @param suffix    what follows the gap that the answer is to fill
 * @param maxTokens tokens of an answer at most; 0 for none at all, which only makes sense with {@code echo}
 * @param choices   answers to each prompt
 * @param bestOf    answers to each prompt of which the choices are the likeliest; at least as many
 * @param echo      whether each answer begins with its prompt
 * @param logprobs  likeliest tokens to tell at each place; empty for no log probabilities
 * @param format    what the answers' text must be
 * @param ignored   members of the body that nothing is made of
 */
public record CompletionRequest(
        ObjectNode body,
        String model,
        List<Prompt> prompts,
        Optional<String> suffix,
        Streaming streaming,
        int maxTokens,
        Decoding decoding,
        int choices,
        int bestOf,
        boolean echo,
        OptionalInt logprobs,
        Optional<OutputFormat> format,
        Verification verification,
        Service service,
        List<String> ignored) {
    /** What is to be continued. */
    public sealed interface Prompt {}

    /** As text. */
    public record Text(String text) implements Prompt {}

    /** As token ids, at least one. */
    public record Tokens(int[] ids) implements Prompt {}

    public CompletionRequest {
        prompts = List.copyOf(prompts);
        ignored = List.copyOf(ignored);
    }

    /** Whether the log probabilities of the prompts are asked for. */
    public boolean scoresPrompts() {
        return echo && logprobs.isPresent();
    }

    /** Whether not all that is generated is delivered. */
    public boolean selects() {
        return bestOf > choices;
    }

    /** Answers to be generated, for all prompts together. */
    public int drawn() {
        return maxTokens == 0 ? 0 : prompts.size() * bestOf;
    }
}
