package dev.candor.inference.openai.tools;

/** {@code tool_choice}: who decides whether a tool is called. */
public sealed interface ToolChoice {
    /** The model. */
    record Auto() implements ToolChoice {}

    /** Nobody: tools are not shown to the model. */
    record None() implements ToolChoice {}

    /** The request: at least one tool is called, the model says which. */
    record Required() implements ToolChoice {}

    /** The request: this tool is called, once. */
    record Named(String name) implements ToolChoice {}
}
