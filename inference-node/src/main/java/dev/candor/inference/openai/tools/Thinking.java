package dev.candor.inference.openai.tools;

/** Whether an answer begins with what the model thinks. */
public sealed interface Thinking {
    /** It does not: the model has no such thing, or the prompt has ended it. */
    record Over() implements Thinking {}

    /** It may: if so, with a marker. */
    record Possible(ReasoningMarkers markers) implements Thinking {}

    /** It does: the prompt has the marker. */
    record Begun(ReasoningMarkers markers) implements Thinking {}
}
