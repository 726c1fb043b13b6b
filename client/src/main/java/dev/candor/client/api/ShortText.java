package dev.candor.client.api;

import java.util.List;
import java.util.Optional;

/** What {@code toString} of an answer says: one line to tell it from others in a log, never its bytes. */
final class ShortText {
    private static final int MAX = 100;

    private ShortText() {}

    /** White space as single blanks, at most {@value #MAX} characters and an ellipsis. */
    static String cut(String text) {
        if (text.length() <= MAX) {
            return oneLine(text);
        }
        int end = Character.isHighSurrogate(text.charAt(MAX - 1)) ? MAX - 1 : MAX;
        return oneLine(text.substring(0, end)) + "…";
    }

    /** What was said, or else which tools are to be called. */
    static String of(String text, List<ToolCall> calls) {
        return text.isEmpty() && !calls.isEmpty() ? "calls " + cut(String.join(", ", calls.stream().map(ToolCall::name).toList())) : cut(text);
    }

    static String receipt(Optional<AnswerReceipt> proof) {
        return proof.map(AnswerReceipt::id).orElse("none");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
