package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Reads the tool calls that a conversation holds, and the results that belong to them. Reads one conversation, from its first message on. */
final class EarlierCalls {
    private static final int MAX_CALLS = 128;
    private static final int MAX_ID = 256;

    private final Map<String, String> namesById = new HashMap<>();
    private int legacy;

    /** {@code tool_calls} of an assistant, or its {@code function_call}. */
    void readInto(Fields message, ObjectNode plain) throws ApiException {
        JsonNode calls = message.get("tool_calls").orElse(null);
        JsonNode single = message.get("function_call").orElse(null);
        if (calls != null && !calls.isArray()) {
            throw message.wrongType("tool_calls", "an array", calls);
        }
        if (calls != null && calls.size() > MAX_CALLS) {
            throw message.invalid("tool_calls", "may have at most " + MAX_CALLS + " calls, got " + calls.size());
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; calls != null && i < calls.size(); i++) {
            list.add(call(message.inner("tool_calls[" + i + "]", calls.get(i))));
        }
        if (single != null && list.isEmpty()) {
            legacy++;
            list.add(call(legacyId(), message.inner("function_call", single)));
        }
        if (!list.isEmpty()) {
            plain.set("tool_calls", list);
        }
    }

    private String legacyId() {
        return "call_" + legacy;
    }

    private ObjectNode call(Fields call) throws ApiException {
        String type = call.text("type").orElse("function");
        if (!type.equals("function")) {
            throw call.invalid("type", "must be 'function', got '" + type + "'");
        }
        String id = id(call, "id");
        return call(id, call.inner("function"));
    }

    private static String id(Fields object, String name) throws ApiException {
        String id = object.text(name).orElseThrow(() -> object.missing(name));
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw object.invalid(name, "must have 1 to " + MAX_ID + " characters");
        }
        return id;
    }

    private ObjectNode call(String id, Fields function) throws ApiException {
        String name = function.text("name").orElseThrow(() -> function.missing("name"));
        if (!FunctionFields.NAME.matcher(name).matches()) {
            throw function.invalid("name", "must have 1 to 64 letters, digits, underscores, dots or dashes, got '" + name + "'");
        }
        JsonNode arguments = function.get("arguments").orElse(JsonNodeFactory.instance.textNode(""));
        if (!arguments.isTextual() && !arguments.isObject()) {
            throw function.wrongType("arguments", "a string that holds a JSON object", arguments);
        }
        namesById.put(id, name);
        ObjectNode call = JsonNodeFactory.instance.objectNode().put("id", id).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments.isTextual() ? arguments.textValue() : arguments.toString());
        return call;
    }

    /** What a tool gave back: it gets the name of the call's function, and of an older function the call's id. */
    void result(Fields message, ObjectNode plain, boolean function) throws ApiException {
        String name = message.text("name").orElse("");
        if (function) {
            if (name.isEmpty()) {
                throw message.missing("name");
            }
            plain.put("tool_call_id", legacyId());
            return;
        }
        if (message.get("tool_call_id").isPresent()) {
            String known = namesById.get(id(message, "tool_call_id"));
            if (name.isEmpty() && known != null) {
                plain.put("name", known);
            }
        }
    }
}
