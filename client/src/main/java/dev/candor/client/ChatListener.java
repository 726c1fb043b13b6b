package dev.candor.client;

import dev.candor.client.api.ChatDelta;
import java.util.function.Consumer;

/** Gets the parts of an answer as they come, in their order, on one thread. None of it is verified before the answer is. */
public interface ChatListener {
    /** Any part. The default hands the first choice's text and thoughts on. */
    default void onDelta(ChatDelta delta) {
        if (delta.choice() != 0) {
            return;
        }
        if (!delta.reasoning().isEmpty()) {
            onReasoning(delta.reasoning());
        }
        if (!delta.text().isEmpty()) {
            onText(delta.text());
        }
    }

    /** Further text. */
    void onText(String text);

    /** Further thoughts; the default drops them. */
    default void onReasoning(String text) {}

    /** A listener for the text alone. */
    static ChatListener ofText(Consumer<String> text) {
        return text::accept;
    }
}
