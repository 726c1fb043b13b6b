package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.tools.FunctionTool;
import dev.candor.inference.openai.tools.ToolChoice;
import dev.candor.inference.openai.tools.ToolRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a request says about tools: {@code tools}, {@code tool_choice}, {@code parallel_tool_calls}, and the older
 * {@code functions} and {@code function_call}.
 */
record ToolFields(Fields request) {
    static final int MAX_TOOLS = 128;
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final int MAX_DESCRIPTION = 32_768;
    private static final int MAX_PARAMETERS = 262_144;

    /** @throws ApiException naming the member at fault */
    ToolRequest read() throws ApiException {
        boolean parallel = request.flag("parallel_tool_calls", true);
        List<JsonNode> functions = list("functions");
        List<JsonNode> listed = list("tools");
        if (!functions.isEmpty() && !listed.isEmpty()) {
            throw request.invalid("functions", "and 'tools' are two ways to say the same: give one of them");
        }
        boolean legacy = !functions.isEmpty();
        List<FunctionTool> tools = legacy ? functions(functions) : tools(listed);
        Optional<JsonNode> choice = request.get(legacy ? "function_call" : "tool_choice");
        refuseOther(legacy ? "tool_choice" : "function_call", tools);
        return choose(tools, choice, parallel, legacy);
    }

    private void refuseOther(String name, List<FunctionTool> tools) throws ApiException {
        JsonNode other = request.get(name).orElse(null);
        if (other != null && !other.asText().equals("none") && !other.asText().equals("auto")) {
            String needed = name.equals("tool_choice") ? "tools" : "functions";
            throw request.invalid(name, "needs '" + needed + "'" + (tools.isEmpty() ? "" : ", and this request has the other kind"));
        }
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

    private List<FunctionTool> functions(List<JsonNode> nodes) throws ApiException {
        List<FunctionTool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            tools.add(function(object(request, "functions[" + i + "]", nodes.get(i)), names));
        }
        return tools;
    }

    private List<FunctionTool> tools(List<JsonNode> nodes) throws ApiException {
        List<FunctionTool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            Fields tool = object(request, "tools[" + i + "]", nodes.get(i));
            String type = tool.text("type").orElseThrow(() -> tool.missing("type"));
            if (!type.equals("function")) {
                throw tool.unsupported("type", "must be 'function', got '" + type + "': this node has no tools of its own");
            }
            tools.add(function(object(tool, "function", tool.get("function").orElseThrow(() -> tool.missing("function"))), names));
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

    private ToolRequest choose(List<FunctionTool> tools, Optional<JsonNode> choice, boolean parallel, boolean legacy) throws ApiException {
        String member = legacy ? "function_call" : "tool_choice";
        if (choice.isEmpty()) {
            return new ToolRequest(tools, tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto(), parallel, legacy);
        }
        if (choice.get().isTextual()) {
            return new ToolRequest(tools, word(choice.get().textValue(), member, tools, legacy), parallel, legacy);
        }
        Fields object = object(request, member, choice.get());
        if (legacy) {
            return new ToolRequest(tools, named(object, tools), parallel, true);
        }
        String type = object.text("type").orElseThrow(() -> object.missing("type"));
        return switch (type) {
            case "function" -> new ToolRequest(tools, named(member(object, "function"), tools), parallel, false);
            case "allowed_tools" -> allowed(member(object, "allowed_tools"), tools, parallel);
            default -> throw object.invalid("type", "must be 'function' or 'allowed_tools', got '" + type + "'");
        };
    }

    private ToolChoice word(String word, String member, List<FunctionTool> tools, boolean legacy) throws ApiException {
        if (word.equals("required") && !legacy) {
            if (tools.isEmpty()) {
                throw request.invalid(member, "is 'required', and there are no 'tools'");
            }
            return new ToolChoice.Required();
        }
        return switch (word) {
            case "none" -> new ToolChoice.None();
            case "auto" -> tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
            default -> throw request.invalid(member, "must be 'auto', 'none'" + (legacy ? "" : ", 'required'") + " or an object that names a function, got '" + word + "'");
        };
    }

    private static ToolChoice named(Fields function, List<FunctionTool> tools) throws ApiException {
        return new ToolChoice.Named(known(function, tools).name());
    }

    private static FunctionTool known(Fields function, List<FunctionTool> tools) throws ApiException {
        String name = function.text("name").orElseThrow(() -> function.missing("name"));
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst()
                .orElseThrow(() -> function.invalid("name", "is no function of this request: '" + name + "'"));
    }

    private static ToolRequest allowed(Fields allowed, List<FunctionTool> tools, boolean parallel) throws ApiException {
        String mode = allowed.text("mode").orElseThrow(() -> allowed.missing("mode"));
        if (!mode.equals("auto") && !mode.equals("required")) {
            throw allowed.invalid("mode", "must be 'auto' or 'required', got '" + mode + "'");
        }
        JsonNode list = allowed.get("tools").orElseThrow(() -> allowed.missing("tools"));
        if (!list.isArray()) {
            throw allowed.wrongType("tools", "an array", list);
        }
        if (list.isEmpty() || list.size() > MAX_TOOLS) {
            throw allowed.invalid("tools", "must have 1 to " + MAX_TOOLS + " functions, got " + list.size());
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            names.add(known(member(object(allowed, "tools[" + i + "]", list.get(i)), "function"), tools).name());
        }
        List<FunctionTool> chosen = tools.stream().filter(tool -> names.contains(tool.name())).toList();
        return new ToolRequest(chosen, mode.equals("auto") ? new ToolChoice.Auto() : new ToolChoice.Required(), parallel, false);
    }

    private static Fields member(Fields object, String name) throws ApiException {
        return object(object, name, object.get(name).orElseThrow(() -> object.missing(name)));
    }

    private static Fields object(Fields parent, String name, JsonNode node) throws ApiException {
        if (!(node instanceof ObjectNode object)) {
            throw parent.wrongType(name, "an object", node);
        }
        return new Fields(object, parent.prefix() + name + ".");
    }
}
