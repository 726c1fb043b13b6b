package dev.candor.client.api;

import java.util.Locale;

/** Who says a message. */
public enum Role {
    SYSTEM,
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL;

    /** The word on the wire, in lower case. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
