package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.error.AnswerFormatException;
import java.util.List;
import java.util.Optional;

/**
 * One of the answers to a chat.
 *
 * @param logprobs the odds of its tokens as the node gave them (OpenAI's {@code logprobs}), where they were asked for
 */
public record ChatChoice(int index, ChatMessage message, FinishReason finishReason, Optional<JsonNode> logprobs) {
    static ChatChoice of(JsonNode json) {
        JsonNode message = json.path("message");
        Optional<String> reasoning = AnswerJson.optional(message, "reasoning_content").or(() -> AnswerJson.optional(message, "reasoning"));
        List<ToolCall> calls = AnswerJson.list(message, "tool_calls", ChatChoice::call);
        JsonNode odds = json.path("logprobs");
        return new ChatChoice(
                AnswerJson.count(json, "index"),
                new ChatMessage(Role.ASSISTANT, AnswerJson.optional(message, "content"), reasoning, calls, Optional.empty()),
                FinishReason.of(json.path("finish_reason")).orElse(FinishReason.OTHER),
                odds.isObject() ? Optional.of(odds) : Optional.empty());
    }

    private static ToolCall call(JsonNode json) {
        JsonNode function = json.path("function");
        return new ToolCall(AnswerJson.text(json, "id"), AnswerJson.text(function, "name"), AnswerJson.text(function, "arguments"));
    }

    /**
     * Reads the text into a record.
     *
     * @throws AnswerFormatException if it does not fit, or is not whole
     */
    public <T extends Record> T as(Class<T> type) {
        if (finishReason != FinishReason.STOP) {
            throw new AnswerFormatException("the answer ended by " + finishReason + " and not by itself, so it is no whole " + type.getSimpleName()
                    + (finishReason == FinishReason.LENGTH ? "; allow more by maxTokens" : ""), null);
        }
        return RecordSchema.read(message.text(), type, "the answer");
    }
}
