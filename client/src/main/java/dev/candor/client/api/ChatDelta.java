package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A part of an answer while it comes, which is not yet verified.
 *
 * @param choice       of which it is a part, from 0
 * @param text         further text; may be empty
 * @param reasoning    further thoughts; may be empty
 * @param toolCalls    parts of calls
 * @param finishReason with the last part
 */
public record ChatDelta(int choice, String text, String reasoning, List<CallPart> toolCalls, Optional<FinishReason> finishReason) {
    /**
     * A part of a call: the first has id and name, all have a piece of the arguments.
     *
     * @param index of the call in its message
     */
    public record CallPart(int index, Optional<String> id, Optional<String> name, String arguments) {}

    /** Copies the calls. */
    public ChatDelta {
        toolCalls = List.copyOf(toolCalls);
    }

    /** Reads the parts in one {@code chat.completion.chunk}. */
    public static List<ChatDelta> of(JsonNode chunk) {
        return AnswerJson.list(chunk, "choices", ChatDelta::choice);
    }

    private static ChatDelta choice(JsonNode json) {
        JsonNode delta = json.path("delta");
        String reasoning = AnswerJson.optional(delta, "reasoning_content").or(() -> AnswerJson.optional(delta, "reasoning")).orElse("");
        return new ChatDelta(
                AnswerJson.count(json, "index"),
                AnswerJson.optional(delta, "content").orElse(""),
                reasoning,
                AnswerJson.list(delta, "tool_calls", ChatDelta::part),
                FinishReason.of(json.path("finish_reason")));
    }

    private static CallPart part(JsonNode json) {
        JsonNode function = json.path("function");
        return new CallPart(
                AnswerJson.count(json, "index"),
                AnswerJson.optional(json, "id"),
                AnswerJson.optional(function, "name"),
                AnswerJson.optional(function, "arguments").orElse(""));
    }
}
