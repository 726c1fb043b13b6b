package dev.candor.client.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One message of a chat.
 *
 * @param content    text; absent where an assistant only calls tools
 * @param reasoning  what the model thought first, where it says so
 * @param toolCalls  what the assistant wants called
 * @param toolCallId which call a tool's message answers
 */
public record ChatMessage(Role role, Optional<String> content, Optional<String> reasoning, List<ToolCall> toolCalls, Optional<String> toolCallId) {
    /** Copies the calls. */
    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** Instructions. */
    public static ChatMessage system(String text) {
        return of(Role.SYSTEM, text);
    }

    /** What a person says. */
    public static ChatMessage user(String text) {
        return of(Role.USER, text);
    }

    /** What the model said before. */
    public static ChatMessage assistant(String text) {
        return of(Role.ASSISTANT, text);
    }

    /** What a tool gave, as the answer to {@code call}. */
    public static ChatMessage tool(ToolCall call, String result) {
        return tool(call.id(), result);
    }

    /** What a tool gave, as the answer to the call with the id. */
    public static ChatMessage tool(String callId, String result) {
        return new ChatMessage(Role.TOOL, Optional.of(result), Optional.empty(), List.of(), Optional.of(callId));
    }

    private static ChatMessage of(Role role, String text) {
        return new ChatMessage(role, Optional.of(text), Optional.empty(), List.of(), Optional.empty());
    }

    /** The text, or an empty one. */
    public String text() {
        return content.orElse("");
    }

    /** As it is sent. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("role", role.wire());
        json.put("content", content.orElse(null));
        reasoning.ifPresent(text -> json.put("reasoning_content", text));
        toolCallId.ifPresent(id -> json.put("tool_call_id", id));
        if (!toolCalls.isEmpty()) {
            ArrayNode calls = json.putArray("tool_calls");
            toolCalls.forEach(call -> calls.add(call.json()));
        }
        return json;
    }
}
