package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a prompt is made of, the same for every model.
 *
 * @param messages          {@code role} (system, user, assistant, tool); {@code content} as text; of an assistant also
 *                          {@code reasoning_content} and {@code tool_calls} as OpenAI writes them, arguments as text; of a tool
 *                          {@code tool_call_id} and {@code name}
 * @param templateArguments {@code chat_template_kwargs}
 */
public record ChatPrompt(ArrayNode messages, ToolRequest tools, ObjectNode templateArguments) {
    /** Of messages alone. */
    public static ChatPrompt of(ArrayNode messages) {
        return new ChatPrompt(messages, ToolRequest.none(), JsonNodeFactory.instance.objectNode());
    }

    /** Characters that the prompt has at least: those of all texts in it. */
    public long characters() {
        long sum = 0;
        for (var message : messages) {
            sum += message.path("content").asText("").length() + message.path("reasoning_content").asText("").length();
            for (var call : message.path("tool_calls")) {
                sum += call.path("function").path("arguments").asText("").length();
            }
        }
        return sum;
    }
}
