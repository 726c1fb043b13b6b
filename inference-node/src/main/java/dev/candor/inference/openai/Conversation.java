package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/** Reads {@code messages} and turns them into what a text model's chat template expects. */
record Conversation(Fields request) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final int MAX_MESSAGES = 4096;

    ArrayNode read() throws ApiException {
        JsonNode messages = request.get("messages").orElseThrow(() -> request.missing("messages"));
        if (!messages.isArray()) {
            throw request.wrongType("messages", "an array", messages);
        }
        if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
            throw request.invalid("messages", "must have 1 to " + MAX_MESSAGES + " messages, got " + messages.size());
        }
        ArrayNode conversation = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < messages.size(); i++) {
            String name = "messages[" + i + "]";
            if (!(messages.get(i) instanceof ObjectNode message)) {
                throw request.wrongType(name, "an object", messages.get(i));
            }
            conversation.add(message(new Fields(message, name + ".")));
        }
        return conversation;
    }

    private static ObjectNode message(Fields message) throws ApiException {
        String role = message.text("role").orElseThrow(() -> message.missing("role"));
        if (!ROLES.contains(role)) {
            throw message.invalid("role", "must be system, developer, user, assistant or tool, got '" + role + "'");
        }
        if (message.get("tool_calls").filter(calls -> !calls.isEmpty()).isPresent()) {
            throw message.unsupported("tool_calls", "is not supported");
        }
        ObjectNode plain = message.object().deepCopy();
        plain.put("role", role.equals("developer") ? "system" : role);
        plain.put("content", content(message, role));
        return plain;
    }

    private static String content(Fields message, String role) throws ApiException {
        Optional<JsonNode> content = message.get("content");
        if (content.isEmpty()) {
            if (role.equals("assistant")) {
                return "";
            }
            throw message.missing("content");
        }
        if (content.get().isTextual()) {
            return content.get().textValue();
        }
        if (!content.get().isArray()) {
            throw message.wrongType("content", "a string or an array of parts", content.get());
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.get().size(); i++) {
            text.append(part(message, "content[" + i + "]", content.get().get(i)));
        }
        return text.toString();
    }

    private static String part(Fields message, String name, JsonNode node) throws ApiException {
        if (!(node instanceof ObjectNode object)) {
            throw message.wrongType(name, "an object", node);
        }
        Fields part = new Fields(object, message.prefix() + name + ".");
        String type = part.text("type").orElseThrow(() -> part.missing("type"));
        if (!type.equals("text")) {
            throw new ApiException(ErrorCode.UNSUPPORTED_CONTENT,
                    "This model reads text only: a part of type '" + type + "' is not supported.", part.prefix() + "type");
        }
        return part.text("text").orElseThrow(() -> part.missing("text"));
    }
}
