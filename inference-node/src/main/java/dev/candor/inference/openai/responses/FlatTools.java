package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Fields;
import java.util.HashSet;
import java.util.Set;

/** Reads {@code tools} and {@code tool_choice}, which the Responses API writes flat, and writes them as a chat request does. */
final class FlatTools {
    private static final String FUNCTION = "function";
    private static final String ALLOWED = "allowed_tools";
    private static final Set<String> WORDS = Set.of("auto", "none", "required");

    private final Fields request;
    private final ArrayNode given;

    /** @throws ApiException if a tool is none that the client runs itself */
    FlatTools(Fields request) throws ApiException {
        this.request = request;
        this.given = tools();
    }

    private ArrayNode tools() throws ApiException {
        JsonNode tools = request.get("tools").orElseGet(JsonNodeFactory.instance::arrayNode);
        if (!(tools instanceof ArrayNode array)) {
            throw request.wrongType("tools", "an array", tools);
        }
        ArrayNode checked = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < array.size(); i++) {
            checked.add(tool("tools[" + i + "]", array.get(i)));
        }
        return checked;
    }

    private ObjectNode tool(String name, JsonNode node) throws ApiException {
        if (!(node instanceof ObjectNode object)) {
            throw request.wrongType(name, "an object", node);
        }
        Fields tool = new Fields(object, name + ".");
        String type = tool.text("type").orElseThrow(() -> tool.missing("type"));
        if (!type.equals(FUNCTION)) {
            throw tool.unsupported("type", "must be 'function', got '" + type + "': this node runs no tools itself");
        }
        ObjectNode flat = JsonNodeFactory.instance.objectNode().put("type", FUNCTION);
        flat.put("name", tool.text("name").orElseThrow(() -> tool.missing("name")));
        flat.put("description", tool.text("description").orElse(null));
        JsonNode parameters = tool.get("parameters").orElse(null);
        if (parameters != null && !parameters.isObject()) {
            throw tool.wrongType("parameters", "a JSON Schema object", parameters);
        }
        flat.set("parameters", parameters);
        return flat.put("strict", tool.flag("strict", false));
    }

    /** As the response repeats them. */
    ArrayNode given() {
        return given;
    }

    /** As the response repeats it. */
    JsonNode givenChoice() {
        return request.get("tool_choice").orElseGet(() -> JsonNodeFactory.instance.textNode("auto"));
    }

    /** Puts {@code tools} and {@code tool_choice} into a chat request. */
    void writeTo(ObjectNode chat) throws ApiException {
        JsonNode choice = request.get("tool_choice").orElse(null);
        Set<String> allowed = new HashSet<>();
        if (choice instanceof ObjectNode object) {
            chat.set("tool_choice", named(new Fields(object, "tool_choice."), allowed));
        } else if (choice != null && !choice.isTextual()) {
            throw request.wrongType("tool_choice", "a string or an object", choice);
        } else if (choice != null) {
            chat.put("tool_choice", word(request, "tool_choice", choice.textValue()));
        }
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (JsonNode flat : given) {
            if (allowed.isEmpty() || allowed.contains(flat.path("name").textValue())) {
                tools.add(nested(flat));
            }
        }
        if (!tools.isEmpty()) {
            chat.set("tools", tools);
        }
    }

    private static String word(Fields fields, String name, String word) throws ApiException {
        if (!WORDS.contains(word)) {
            throw fields.invalid(name, "must be 'auto', 'none', 'required' or an object that names a function, got '" + word + "'");
        }
        return word;
    }

    private JsonNode named(Fields choice, Set<String> allowed) throws ApiException {
        String type = choice.text("type").orElseThrow(() -> choice.missing("type"));
        if (type.equals(ALLOWED)) {
            allow(choice, allowed);
            return JsonNodeFactory.instance.textNode(word(choice, "mode", choice.text("mode").orElse("auto")));
        }
        if (!type.equals(FUNCTION)) {
            throw choice.unsupported("type", "must be 'function' or 'allowed_tools', got '" + type + "': this node runs no tools itself");
        }
        ObjectNode nested = JsonNodeFactory.instance.objectNode().put("type", FUNCTION);
        nested.putObject(FUNCTION).put("name", choice.text("name").orElseThrow(() -> choice.missing("name")));
        return nested;
    }

    private void allow(Fields choice, Set<String> allowed) throws ApiException {
        JsonNode tools = choice.get("tools").orElseThrow(() -> choice.missing("tools"));
        if (!tools.isArray() || tools.isEmpty()) {
            throw choice.invalid("tools", "must be an array of at least one function");
        }
        Set<String> known = new HashSet<>();
        given.forEach(tool -> known.add(tool.path("name").textValue()));
        for (JsonNode tool : tools) {
            String name = tool.path("name").asText();
            if (!known.contains(name)) {
                throw choice.invalid("tools", "may name only functions of 'tools', got '" + name + "'");
            }
            allowed.add(name);
        }
    }

    private static ObjectNode nested(JsonNode flat) {
        ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", FUNCTION);
        ObjectNode function = tool.putObject(FUNCTION);
        flat.properties().stream()
                .filter(member -> !member.getKey().equals("type") && !member.getValue().isNull())
                .forEach(member -> function.set(member.getKey(), member.getValue()));
        return tool;
    }
}
