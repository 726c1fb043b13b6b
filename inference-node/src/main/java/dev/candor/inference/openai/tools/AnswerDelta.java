package dev.candor.inference.openai.tools;

/** A piece of an answer, in the order in which the model wrote it. */
public sealed interface AnswerDelta {
    /** More of {@code message.content}. */
    record Content(String text) implements AnswerDelta {}

    /** More of what the model thought before it answered. */
    record Reasoning(String text) implements AnswerDelta {}

    /** A tool call begins. @param index counts from 0 */
    record CallStart(int index, String id, String name) implements AnswerDelta {}

    /** More of a call's arguments, as JSON text. */
    record CallArguments(int index, String fragment) implements AnswerDelta {}
}
