package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.FunctionTool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the functions that a request offers to the model. */
record FunctionFields(Fields request) {
    static final int MAX_TOOLS = 128;
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final int MAX_DESCRIPTION = 32_768;
    private static final int MAX_PARAMETERS = 262_144;

    /** Of {@code functions}. */
    List<FunctionTool> functions() throws ApiException {
        List<JsonNode> nodes = list("functions");
        List<FunctionTool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(function(request.inner("functions[" + i + "]", nodes.get(i)), names));
        }
        return tools;
    }

    /** Of {@code tools}. */
    List<FunctionTool> tools() throws ApiException {
        List<JsonNode> nodes = list("tools");
        List<FunctionTool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            Fields tool = request.inner("tools[" + i + "]", nodes.get(i));
            String type = tool.text("type").orElseThrow(() -> tool.missing("type"));
            if (!type.equals("function")) {
                throw tool.unsupported("type", "must be 'function', got '" + type + "': this node has no tools of its own");
            }
            tools.add(function(tool.inner("function"), names));
        }
        return tools;
    }

    private static FunctionTool function(Fields function, Set<String> names) throws ApiException {
        String name = function.text("name").orElseThrow(() -> function.missing("name"));
        if (!NAME.matcher(name).matches()) {
            throw function.invalid("name", "must have 1 to 64 letters, digits, underscores, dots or dashes, got '" + name + "'");
        }
        if (!names.add(name)) {
            throw function.invalid("name", "is the name of another function of this request too: '" + name + "'");
        }
        Optional<String> description = function.text("description");
        if (description.isPresent() && description.get().length() > MAX_DESCRIPTION) {
            throw function.invalid("description", "may have at most " + MAX_DESCRIPTION + " characters, got " + description.get().length());
        }
        String param = function.prefix().substring(0, function.prefix().length() - 1);
        return new FunctionTool(name, description, parameters(function), function.flag("strict", false), param);
    }

    private static Optional<ObjectNode> parameters(Fields function) throws ApiException {
        JsonNode node = function.get("parameters").orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ObjectNode schema)) {
            throw function.wrongType("parameters", "an object", node);
        }
        JsonNode type = schema.path("type");
        if (!type.isMissingNode() && !type.asText().equals("object")) {
            throw function.invalid("parameters", "must be a JSON Schema of type 'object', got " + type);
        }
        if (schema.toString().length() > MAX_PARAMETERS) {
            throw function.invalid("parameters", "may have at most " + MAX_PARAMETERS + " characters as JSON");
        }
        return Optional.of(schema);
    }

    private List<JsonNode> list(String name) throws ApiException {
        JsonNode node = request.get(name).orElse(null);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            throw request.wrongType(name, "an array", node);
        }
        if (node.size() > MAX_TOOLS) {
            throw request.invalid(name, "may have at most " + MAX_TOOLS + " functions, got " + node.size());
        }
        return node.valueStream().toList();
    }
}
