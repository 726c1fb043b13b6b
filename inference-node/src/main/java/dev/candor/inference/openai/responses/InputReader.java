package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code input} into items in the one form in which the API lists them. */
final class InputReader {
    /** Items of one request. */
    static final int MAX_ITEMS = 4096;
    static final String REFERENCE = "item_reference";

    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");
    private static final Set<String> STATUSES = Set.of("in_progress", "completed", "incomplete");
    private static final int MAX_ID = 256;

    private final Fields request;

    InputReader(Fields request) {
        this.request = request;
    }

    /** In their order; an {@code item_reference} stays one. @throws ApiException naming the item or part at fault */
    List<ObjectNode> read() throws ApiException {
        JsonNode input = request.get("input").orElseThrow(() -> request.missing("input"));
        if (input.isTextual()) {
            return List.of(userText(input.textValue()));
        }
        if (!input.isArray()) {
            throw request.wrongType("input", "a string or an array of items", input);
        }
        if (input.size() > MAX_ITEMS) {
            throw request.invalid("input", "may have at most " + MAX_ITEMS + " items, got " + input.size());
        }
        List<ObjectNode> items = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            String name = "input[" + i + "]";
            if (!(input.get(i) instanceof ObjectNode object)) {
                throw request.wrongType(name, "an object", input.get(i));
            }
            items.add(item(name + ".", new Fields(object, name + ".")));
        }
        return items;
    }

    private static ObjectNode userText(String text) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("type", "message").put("status", "completed").put("role", "user");
        message.putArray("content").addObject().put("type", "input_text").put("text", text);
        return message;
    }

    private static ObjectNode item(String prefix, Fields item) throws ApiException {
        String type = item.text("type").orElseGet(() -> item.object().hasNonNull("role") ? "message" : REFERENCE);
        return switch (type) {
            case "message" -> message(prefix, item);
            case "function_call" -> call(item);
            case "function_call_output" -> callOutput(prefix, item);
            case "reasoning" -> reasoning(prefix, item);
            case REFERENCE -> begin(REFERENCE, item).put("id", required(item, "id"));
            default -> throw unsupported(prefix + "type", "an item of type '" + type + "' is not supported, only message, function_call, "
                    + "function_call_output, reasoning and item_reference");
        };
    }

    private static ObjectNode message(String prefix, Fields item) throws ApiException {
        String role = required(item, "role");
        if (!ROLES.contains(role)) {
            throw item.invalid("role", "must be user, assistant, system or developer, got '" + role + "'");
        }
        JsonNode content = item.get("content").orElseThrow(() -> item.missing("content"));
        if (!content.isTextual() && !content.isArray()) {
            throw item.wrongType("content", "a string or an array of parts", content);
        }
        ObjectNode message = begin("message", item).put("status", status(item)).put("role", role);
        ArrayNode parts = message.putArray("content");
        if (content.isTextual()) {
            parts.add(part(role, content.textValue()));
        }
        for (int i = 0; content.isArray() && i < content.size(); i++) {
            parts.add(part(role, text(prefix + "content[" + i + "]", item, "content[" + i + "]", content.get(i))));
        }
        return message;
    }

    private static ObjectNode part(String role, String text) {
        boolean output = role.equals("assistant");
        ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", output ? "output_text" : "input_text").put("text", text);
        if (output) {
            part.putArray("annotations");
            part.putArray("logprobs");
        }
        return part;
    }

    /** The text of one part of a message, or of a function's output. */
    private static String text(String prefix, Fields item, String name, JsonNode node) throws ApiException {
        if (!(node instanceof ObjectNode object)) {
            throw item.wrongType(name, "an object", node);
        }
        Fields part = new Fields(object, prefix + ".");
        String type = required(part, "type");
        return switch (type) {
            case "input_text", "output_text", "text" -> part.text("text").orElseThrow(() -> part.missing("text"));
            case "refusal" -> part.text("refusal").orElseThrow(() -> part.missing("refusal"));
            default -> throw unsupported(prefix + ".type", "this model reads text only: a part of type '" + type + "' is not supported");
        };
    }

    private static ObjectNode call(Fields item) throws ApiException {
        return begin("function_call", item)
                .put("status", status(item))
                .put("call_id", required(item, "call_id"))
                .put("name", required(item, "name"))
                .put("arguments", item.text("arguments").orElseThrow(() -> item.missing("arguments")));
    }

    private static ObjectNode callOutput(String prefix, Fields item) throws ApiException {
        ObjectNode output = begin("function_call_output", item).put("status", status(item)).put("call_id", required(item, "call_id"));
        JsonNode said = item.get("output").orElseThrow(() -> item.missing("output"));
        if (said.isTextual()) {
            return output.put("output", said.textValue());
        }
        if (!said.isArray()) {
            throw item.wrongType("output", "a string or an array of parts", said);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < said.size(); i++) {
            text.append(text(prefix + "output[" + i + "]", item, "output[" + i + "]", said.get(i)));
        }
        return output.put("output", text.toString());
    }

    private static ObjectNode reasoning(String prefix, Fields item) throws ApiException {
        ObjectNode reasoning = begin("reasoning", item);
        reasoning.set("summary", thoughts(prefix, item, "summary", "summary_text"));
        reasoning.set("content", thoughts(prefix, item, "content", "reasoning_text"));
        item.text("encrypted_content");
        return reasoning;
    }

    private static ArrayNode thoughts(String prefix, Fields item, String member, String type) throws ApiException {
        ArrayNode texts = JsonNodeFactory.instance.arrayNode();
        Optional<JsonNode> list = item.get(member);
        if (list.isEmpty()) {
            return texts;
        }
        if (!list.get().isArray()) {
            throw item.wrongType(member, "an array", list.get());
        }
        for (int i = 0; i < list.get().size(); i++) {
            String name = member + "[" + i + "]";
            if (!(list.get().get(i) instanceof ObjectNode object)) {
                throw item.wrongType(name, "an object", list.get().get(i));
            }
            Fields part = new Fields(object, prefix + name + ".");
            if (!required(part, "type").equals(type)) {
                throw part.invalid("type", "must be '" + type + "'");
            }
            texts.addObject().put("type", type).put("text", part.text("text").orElseThrow(() -> part.missing("text")));
        }
        return texts;
    }

    private static ObjectNode begin(String type, Fields item) throws ApiException {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("type", type);
        Optional<String> id = item.text("id");
        if (id.isPresent()) {
            if (id.get().isEmpty() || id.get().length() > MAX_ID) {
                throw item.invalid("id", "must have 1 to " + MAX_ID + " characters");
            }
            object.put("id", id.get());
        }
        return object;
    }

    private static String status(Fields item) throws ApiException {
        String status = item.text("status").orElse("completed");
        if (!STATUSES.contains(status)) {
            throw item.invalid("status", "must be in_progress, completed or incomplete, got '" + status + "'");
        }
        return status;
    }

    private static String required(Fields item, String name) throws ApiException {
        return item.text(name).orElseThrow(() -> item.missing(name));
    }

    private static ApiException unsupported(String param, String what) {
        return new ApiException(ErrorCode.UNSUPPORTED_CONTENT, "'" + param + "': " + what + ".", param);
    }
}
