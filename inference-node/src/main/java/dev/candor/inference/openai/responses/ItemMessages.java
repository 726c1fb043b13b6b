package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns items into the messages of a chat request. What the model wrote in one turn, its reasoning, its words and its calls, is one message
 * of the assistant, as chat templates are written for; the instructions and the system's or developer's messages at the begin are one too.
 */
final class ItemMessages {
    private static final Set<String> SYSTEM = Set.of("system", "developer");
    private static final String BETWEEN = "\n\n";

    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

    private ItemMessages() {}

    /** The messages of a conversation. @param items without references */
    static ArrayNode of(Optional<String> instructions, List<? extends JsonNode> items) {
        ItemMessages made = new ItemMessages();
        instructions.ifPresent(made::system);
        items.forEach(made::add);
        return made.messages;
    }

    private void add(JsonNode item) {
        switch (item.path("type").asText()) {
            case "message" -> message(item);
            case "function_call" -> call(item);
            case "function_call_output" -> messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", item.path("call_id").asText())
                    .put("content", item.path("output").asText());
            case "reasoning" -> reasoning(item);
            default -> throw new IllegalArgumentException("no item of a conversation: " + item.path("type"));
        }
    }

    private void message(JsonNode item) {
        StringBuilder text = new StringBuilder();
        item.path("content").forEach(part -> text.append(part.path("text").asText()));
        String role = item.path("role").asText();
        if (SYSTEM.contains(role)) {
            system(text.toString());
        } else if (role.equals("assistant")) {
            ObjectNode turn = openTurn().filter(open -> !open.has("content") && !open.has("tool_calls")).orElseGet(this::newTurn);
            turn.put("content", text.toString());
        } else {
            messages.addObject().put("role", role).put("content", text.toString());
        }
    }

    private void system(String text) {
        boolean begin = messages.size() == 1 && messages.get(0) instanceof ObjectNode first && first.path("role").asText().equals("system");
        if (begin) {
            ObjectNode first = (ObjectNode) messages.get(0);
            first.put("content", first.path("content").asText() + BETWEEN + text);
        } else {
            messages.addObject().put("role", "system").put("content", text);
        }
    }

    private void call(JsonNode item) {
        ObjectNode call = openTurn().orElseGet(this::newTurn).withArrayProperty("tool_calls").addObject();
        call.put("id", item.path("call_id").asText()).put("type", "function");
        call.putObject("function").put("name", item.path("name").asText()).put("arguments", item.path("arguments").asText());
    }

    private void reasoning(JsonNode item) {
        String text = texts(item.path("content"), "");
        String thought = text.isEmpty() ? texts(item.path("summary"), BETWEEN) : text;
        if (!thought.isEmpty()) {
            newTurn().put("reasoning_content", thought);
        }
    }

    private static String texts(JsonNode parts, String between) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(text.isEmpty() ? "" : between).append(part.path("text").asText()));
        return text.toString();
    }

    /** The last message, if it is the assistant's. */
    private Optional<ObjectNode> openTurn() {
        boolean open = !messages.isEmpty() && messages.get(messages.size() - 1).path("role").asText().equals("assistant");
        return open ? Optional.of((ObjectNode) messages.get(messages.size() - 1)) : Optional.empty();
    }

    private ObjectNode newTurn() {
        return messages.addObject().put("role", "assistant");
    }
}
