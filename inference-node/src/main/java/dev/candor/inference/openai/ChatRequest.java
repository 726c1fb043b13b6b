package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import java.util.List;
import java.util.OptionalInt;

/**
 * A checked request for a chat completion.
 *
 * @param body         the whole body as sent
 * @param model        the model's name as sent
 * @param conversation the messages as a chat template wants them: text parts joined, {@code developer} as {@code system}
 * @param maxTokens    tokens to generate at most, where the request says
 * @param choices      answers to give
 * @param logprobs     likeliest tokens to tell at each place of an answer; empty for no log probabilities
 * @param ignored      members of the body that nothing is made of
 */
public record ChatRequest(
        ObjectNode body,
        String model,
        ArrayNode conversation,
        Streaming streaming,
        OptionalInt maxTokens,
        Decoding decoding,
        int choices,
        OptionalInt logprobs,
        Verification verification,
        Service service,
        List<String> ignored) {}
