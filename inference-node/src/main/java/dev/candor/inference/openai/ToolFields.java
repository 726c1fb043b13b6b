package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.openai.tools.FunctionTool;
import dev.candor.inference.openai.tools.ToolChoice;
import dev.candor.inference.openai.tools.ToolRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a request says about tools: {@code tools}, {@code tool_choice}, {@code parallel_tool_calls}, and the older
 * {@code functions} and {@code function_call}.
 */
record ToolFields(Fields request) {
    /** @throws ApiException naming the member at fault */
    ToolRequest read() throws ApiException {
        boolean parallel = request.flag("parallel_tool_calls", true);
        List<FunctionTool> functions = new FunctionFields(request).functions();
        List<FunctionTool> listed = new FunctionFields(request).tools();
        if (!functions.isEmpty() && !listed.isEmpty()) {
            throw request.invalid("functions", "and 'tools' are two ways to say the same: give one of them");
        }
        boolean legacy = !functions.isEmpty();
        List<FunctionTool> tools = legacy ? functions : listed;
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

    private ToolRequest choose(List<FunctionTool> tools, Optional<JsonNode> choice, boolean parallel, boolean legacy) throws ApiException {
        String member = legacy ? "function_call" : "tool_choice";
        if (choice.isEmpty()) {
            return new ToolRequest(tools, tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto(), parallel, legacy);
        }
        if (choice.get().isTextual()) {
            return new ToolRequest(tools, word(choice.get().textValue(), member, tools, legacy), parallel, legacy);
        }
        Fields object = request.inner(member, choice.get());
        if (legacy) {
            return new ToolRequest(tools, named(object, tools), parallel, true);
        }
        String type = object.text("type").orElseThrow(() -> object.missing("type"));
        return switch (type) {
            case "function" -> new ToolRequest(tools, named(object.inner("function"), tools), parallel, false);
            case "allowed_tools" -> allowed(object.inner("allowed_tools"), tools, parallel);
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
            default -> throw request.invalid(member, "must be 'auto', 'none'" + (legacy ? "" : ", 'required'")
                    + " or an object that names a function, got '" + word + "'");
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
        if (list.isEmpty() || list.size() > FunctionFields.MAX_TOOLS) {
            throw allowed.invalid("tools", "must have 1 to " + FunctionFields.MAX_TOOLS + " functions, got " + list.size());
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            names.add(known(allowed.inner("tools[" + i + "]", list.get(i)).inner("function"), tools).name());
        }
        List<FunctionTool> chosen = tools.stream().filter(tool -> names.contains(tool.name())).toList();
        return new ToolRequest(chosen, mode.equals("auto") ? new ToolChoice.Auto() : new ToolChoice.Required(), parallel, false);
    }
}
