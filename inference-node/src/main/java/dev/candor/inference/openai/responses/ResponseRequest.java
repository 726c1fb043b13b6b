package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked body of {@code POST /v1/responses}.
 *
 * @param body         as sent
 * @param instructions the system's message of this response alone
 * @param input        the new items, ids only where they were sent; an {@code item_reference} still is one
 * @param previous     the id of the response that this one continues
 * @param store        whether it may be asked for, and continued, later
 * @param truncate     whether the oldest items may be dropped where the conversation is too long
 * @param effort       how hard to think, in the word sent
 * @param logprobs     likeliest tokens to tell at each place; empty for no log probabilities
 * @param settings     the members that the response repeats of the request, defaults filled in
 * @param chat         the chat request that answers it, but for its messages
 * @param unheeded     members that nothing is made of, of those that are known
 */
public record ResponseRequest(
        ObjectNode body,
        Optional<String> instructions,
        List<ObjectNode> input,
        Optional<String> previous,
        boolean store,
        boolean truncate,
        Optional<String> effort,
        OptionalInt logprobs,
        ObjectNode settings,
        ObjectNode chat,
        List<String> unheeded) {
    /** Whether everything that the prompt is made of is in the body. */
    public boolean selfContained() {
        return previous.isEmpty() && input.stream().noneMatch(item -> item.path("type").asText().equals(InputReader.REFERENCE));
    }

    /** The body of the chat request. @param items of the whole conversation, without references */
    public ObjectNode chat(List<? extends JsonNode> items) {
        ObjectNode body = chat.deepCopy();
        body.set("messages", ItemMessages.of(instructions, items));
        return body;
    }
}
