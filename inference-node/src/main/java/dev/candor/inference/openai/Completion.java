package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.UsageBinding;

/**
 * What all parts of one answer share.
 *
 * @param id          a prefix such as {@code chatcmpl-} and random hexadecimal digits
 * @param created     seconds since 1970
 * @param model       {@code publisher/name@version}
 * @param fingerprint of model and runtime
 */
public record Completion(String id, long created, String model, String fingerprint) {
    /** The body of a chat's answer that is not streamed. @param choices as {@link #choice} makes them */
    public ObjectNode body(ArrayNode choices, UsageBinding usage, int reasoningTokens) {
        ObjectNode body = head("chat.completion");
        body.set("choices", choices);
        body.set("usage", usage(usage, reasoningTokens));
        return body;
    }

    /** One choice of a chat's answer. @param logprobs null for none */
    public static ObjectNode choice(int index, ObjectNode message, JsonNode logprobs, String finishReason) {
        ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", index);
        choice.set("message", message);
        choice.set("logprobs", logprobs);
        return choice.put("finish_reason", finishReason);
    }

    /**
     * One chunk of a chat's stream.
     *
     * @param logprobs     null for none
     * @param finishReason null but at the end of the choice
     */
    public ObjectNode chunk(int index, ObjectNode delta, JsonNode logprobs, String finishReason, boolean includeUsage) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", index);
        choice.set("delta", delta);
        choice.set("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    /** The chunk without choices that {@code stream_options.include_usage} asks for. */
    public ObjectNode usageChunk(UsageBinding usage, int reasoningTokens) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", usage(usage, reasoningTokens));
        return chunk;
    }

    /** The members that every object of the answer begins with. @param object its kind */
    public ObjectNode head(String object) {
        return JsonNodeFactory.instance.objectNode()
                .put("id", id).put("object", object).put("created", created).put("model", model).put("system_fingerprint", fingerprint);
    }

    /** As completions tell it. */
    public static ObjectNode usage(UsageBinding usage, int reasoningTokens) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("prompt_tokens", usage.promptTokens());
        node.put("completion_tokens", usage.completionTokens());
        node.put("total_tokens", usage.promptTokens() + usage.completionTokens());
        node.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
        node.putObject("completion_tokens_details").put("reasoning_tokens", reasoningTokens);
        return node;
    }
}
