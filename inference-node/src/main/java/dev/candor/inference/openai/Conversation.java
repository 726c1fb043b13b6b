package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Reads {@code messages} and brings them into the one form of {@link dev.candor.inference.openai.tools.ChatPrompt}. */
record Conversation(Fields request) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final int MAX_MESSAGES = 4096;
    private static final List<String> REASONING = List.of("reasoning_content", "reasoning");
    private static final List<String> OTHER_FORMS = List.of("function_call", "refusal", "reasoning", "audio", "annotations");

    ArrayNode read() throws ApiException {
        JsonNode messages = request.get("messages").orElseThrow(() -> request.missing("messages"));
        if (!messages.isArray()) {
            throw request.wrongType("messages", "an array", messages);
        }
        if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
            throw request.invalid("messages", "must have 1 to " + MAX_MESSAGES + " messages, got " + messages.size());
        }
        ArrayNode conversation = JsonNodeFactory.instance.arrayNode();
        EarlierCalls calls = new EarlierCalls();
        for (int i = 0; i < messages.size(); i++) {
            conversation.add(message(request.inner("messages[" + i + "]", messages.get(i)), calls));
        }
        return conversation;
    }

    private static ObjectNode message(Fields message, EarlierCalls calls) throws ApiException {
        String role = message.text("role").orElseThrow(() -> message.missing("role"));
        if (!ROLES.contains(role)) {
            throw message.invalid("role", "must be system, developer, user, assistant or tool, got '" + role + "'");
        }
        boolean assistant = role.equals("assistant");
        if (!assistant && message.get("tool_calls").filter(list -> !list.isArray() || !list.isEmpty()).isPresent()) {
            throw message.invalid("tool_calls", "are an assistant's, this message is of the role '" + role + "'");
        }
        ObjectNode plain = message.object().deepCopy();
        OTHER_FORMS.forEach(plain::remove);
        REASONING.forEach(plain::remove);
        plain.remove("tool_calls");
        plain.put("role", role.equals("developer") ? "system" : role.equals("function") ? "tool" : role);
        String content = new MessageContent(message).read(assistant);
        plain.put("content", content);
        if (assistant) {
            reasoning(message, plain);
            calls.readInto(message, plain);
        } else if (role.equals("tool") || role.equals("function")) {
            calls.result(message, plain, role.equals("function"));
        }
        return plain;
    }

    private static void reasoning(Fields message, ObjectNode plain) throws ApiException {
        for (String name : REASONING) {
            String text = message.text(name).orElse("");
            if (!text.isEmpty() && !plain.has("reasoning_content")) {
                plain.put("reasoning_content", text);
            }
        }
    }
}
