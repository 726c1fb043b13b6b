package dev.candor.inference.openai.tools;

import java.util.List;
import java.util.Optional;

/**
 * What a request says about tools.
 *
 * @param tools    those that may be called, names unique
 * @param choice   {@link ToolChoice.None} if there are none
 * @param parallel whether an answer may hold several calls
 * @param legacy   whether they came as {@code functions}, so that the answer must say {@code function_call}
 */
public record ToolRequest(List<FunctionTool> tools, ToolChoice choice, boolean parallel, boolean legacy) {
    public ToolRequest {
        tools = List.copyOf(tools);
    }

    /** Of a request without tools. */
    public static ToolRequest none() {
        return new ToolRequest(List.of(), new ToolChoice.None(), true, false);
    }

    /** The tools the model is told about: none if it may not call any. */
    public List<FunctionTool> offered() {
        return choice instanceof ToolChoice.None ? List.of() : tools;
    }

    /** The tools the model may call: of those offered, the one that the request names. */
    public List<FunctionTool> callable() {
        return choice instanceof ToolChoice.Named named ? tools.stream().filter(tool -> tool.name().equals(named.name())).toList() : offered();
    }

    /** Whether the answer has to be a call. */
    public boolean forced() {
        return choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
    }

    /** Whether the answer may hold no more than one call. */
    public boolean single() {
        return !parallel || legacy || choice instanceof ToolChoice.Named;
    }

    Optional<FunctionTool> callable(String name) {
        return callable().stream().filter(tool -> tool.name().equals(name)).findFirst();
    }
}
