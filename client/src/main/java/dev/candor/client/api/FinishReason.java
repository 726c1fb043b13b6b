package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/** Why an answer ended. */
public enum FinishReason {
    /** The model was done, or came to a stop string. */
    STOP,
    /** It came to {@code max_tokens}, or to the end of its context. */
    LENGTH,
    /** It wants tools called. */
    TOOL_CALLS,
    /** Something kept it back. */
    CONTENT_FILTER,
    /** The time that the request was given was over. */
    TIMEOUT,
    /** The request was cancelled. */
    CANCELLED,
    /** A reason that this version does not know. */
    OTHER;

    static Optional<FinishReason> of(JsonNode word) {
        if (!word.isTextual()) {
            return Optional.empty();
        }
        String name = word.textValue().toUpperCase(Locale.ROOT);
        for (FinishReason reason : values()) {
            if (reason.name().equals(name)) {
                return Optional.of(reason);
            }
        }
        return Optional.of(name.equals("FUNCTION_CALL") ? TOOL_CALLS : OTHER);
    }
}
