package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** Writes tools, calls and results as text, for templates that do not do it themselves. */
record FormatWriter(ToolFormat format) {
    /** @param arguments a JSON object; what is none is written as it is */
    record Call(String name, String arguments) {
        String spaced() {
            return PromptJson.object(arguments).map(PromptJson::write).orElse(arguments);
        }
    }

    String calls(List<Call> calls) {
        return switch (format) {
            case HERMES -> calls.stream().map(call -> "<tool_call>\n" + object(call) + "\n</tool_call>").collect(Collectors.joining("\n"));
            case LLAMA -> calls.stream().map(this::object).collect(Collectors.joining("; "));
            case GEMMA -> "```json\n" + (calls.size() == 1 ? object(calls.getFirst()) : list(calls)) + "\n```";
            case MISTRAL_LIST -> "[TOOL_CALLS] " + list(calls);
            case MISTRAL_NAMED -> calls.stream().map(call -> "[TOOL_CALLS]" + call.name() + ToolFormat.ARGS + call.spaced()).collect(Collectors.joining());
            case DEEPSEEK, DEEPSEEK_NAMED -> calls.stream().map(this::deepseek)
                    .collect(Collectors.joining("\n", ToolFormat.CALLS_BEGIN, ToolFormat.CALLS_END));
        };
    }

    private String list(List<Call> calls) {
        return calls.stream().map(this::object).collect(Collectors.joining(", ", "[", "]"));
    }

    private String object(Call call) {
        return "{\"name\": " + PromptJson.write(JsonNodeFactory.instance.textNode(call.name())) + ", \"" + format.argumentsKey() + "\": " + call.spaced() + "}";
    }

    private String deepseek(Call call) {
        return ToolFormat.CALL_BEGIN + (format == ToolFormat.DEEPSEEK
                ? "function" + ToolFormat.SEPARATOR + call.name() + "\n```json\n" + call.spaced() + "\n```"
                : call.name() + ToolFormat.SEPARATOR + call.spaced()) + ToolFormat.CALL_END;
    }

    /** What a function gave back. */
    String result(String content) {
        return format == ToolFormat.GEMMA ? "```tool_output\n" + content + "\n```" : "<tool_response>\n" + content + "\n</tool_response>";
    }

    /** Tells a model which functions there are and how it calls them. */
    String teaching(List<FunctionTool> tools) {
        String functions = tools.stream().map(FunctionTool::forTemplate).map(this::signature).collect(Collectors.joining("\n"));
        String example = format.closer().isPresent() && format != ToolFormat.GEMMA ? "exactly like this, once for each call" : "exactly like this";
        return "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
                + "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n" + functions + "\n</tools>\n\n"
                + "To call a function, answer " + example + ", with the function's name and a JSON object of its arguments:\n" + example();
    }

    private String example() {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("argument", "value");
        return calls(List.of(new Call("function_name", arguments.toString())));
    }

    private String signature(ObjectNode tool) {
        return PromptJson.write(format == ToolFormat.GEMMA ? tool.get("function") : tool);
    }
}
