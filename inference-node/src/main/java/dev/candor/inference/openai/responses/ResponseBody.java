package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.Priority;
import dev.candor.inference.openai.ChatRequest;

/**
 * Writes the object {@code response}.
 *
 * @param id       {@code resp_} and random hexadecimal digits
 * @param created  seconds since 1970
 * @param model    {@code publisher/name@version}
 * @param settings what it repeats of the request
 */
public record ResponseBody(String id, long created, String model, ObjectNode settings) {
    private static final String LENGTH = "length";

    /** The response to a request. @param chat the chat request that answers it */
    public static ResponseBody of(String id, long created, String model, ResponseRequest request, ChatRequest chat) {
        ObjectNode settings = request.settings().deepCopy();
        settings.put("temperature", chat.decoding().temperature())
                .put("top_p", chat.decoding().topP())
                .put("frequency_penalty", chat.decoding().frequencyPenalty())
                .put("presence_penalty", chat.decoding().presencePenalty())
                .put("service_tier", chat.service().priority() == Priority.BATCH ? "flex" : "default");
        return new ResponseBody(id, created, model, settings);
    }

    /** As it is told while it is at work. */
    public ObjectNode running() {
        return body("in_progress", JsonNodeFactory.instance.arrayNode());
    }

    /**
     * As it has ended.
     *
     * @param finished        seconds since 1970
     * @param reasoningTokens tokens of the answer that are what the model thought
     */
    public ObjectNode finished(ArrayNode output, UsageBinding usage, int reasoningTokens, long finished) {
        String reason = usage.finishReasons().getFirst();
        boolean complete = ResponseOutput.complete(reason);
        ObjectNode body = body(complete ? "completed" : "incomplete", output);
        if (complete) {
            body.put("completed_at", finished);
        } else {
            body.putObject("incomplete_details").put("reason", reason.equals(LENGTH) ? "max_output_tokens" : reason);
        }
        ObjectNode counts = body.putObject("usage").put("input_tokens", usage.promptTokens());
        counts.putObject("input_tokens_details").put("cached_tokens", usage.cachedTokens()).put("cache_write_tokens", 0);
        counts.put("output_tokens", usage.completionTokens());
        counts.putObject("output_tokens_details").put("reasoning_tokens", reasoningTokens);
        counts.put("total_tokens", usage.promptTokens() + usage.completionTokens());
        return body;
    }

    /** As it has failed. */
    public ObjectNode failed(String code, String message) {
        ObjectNode body = body("failed", JsonNodeFactory.instance.arrayNode());
        body.putObject("error").put("code", code).put("message", message);
        return body;
    }

    private ObjectNode body(String status, ArrayNode output) {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("id", id)
                .put("object", "response")
                .put("created_at", created)
                .put("status", status)
                .putNull("completed_at")
                .putNull("error")
                .putNull("incomplete_details")
                .put("model", model);
        body.set("output", output);
        body.setAll(settings);
        body.putNull("usage");
        return body;
    }
}
