package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.UsageBinding;

/**
 * What all parts of one answer share.
 *
 * @param id          {@code chatcmpl-} and random hexadecimal digits
 * @param created     seconds since 1970
 * @param model       {@code publisher/name@version}
 * @param fingerprint of model and runtime
 */
public record Completion(String id, long created, String model, String fingerprint) {
    /** The body of an answer that is not streamed. */
    public ObjectNode body(String text, String finishReason, UsageBinding usage) {
        ObjectNode body = head("chat.completion");
        ObjectNode choice = body.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", finishReason);
        body.set("usage", usage(usage));
        return body;
    }

    /** One chunk of a stream: {@code delta} is an object, {@code finishReason} null but at the end. */
    public ObjectNode chunk(ObjectNode delta, String finishReason, boolean includeUsage) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finishReason);
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    /** The chunk without choices that {@code stream_options.include_usage} asks for. */
    public ObjectNode usageChunk(UsageBinding usage) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", usage(usage));
        return chunk;
    }

    private ObjectNode head(String object) {
        return JsonNodeFactory.instance.objectNode()
                .put("id", id).put("object", object).put("created", created).put("model", model).put("system_fingerprint", fingerprint);
    }

    private static ObjectNode usage(UsageBinding usage) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("prompt_tokens", usage.promptTokens());
        node.put("completion_tokens", usage.completionTokens());
        node.put("total_tokens", usage.promptTokens() + usage.completionTokens());
        node.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
        node.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        return node;
    }
}
