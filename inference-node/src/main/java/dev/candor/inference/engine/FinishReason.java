package dev.candor.inference.engine;

import java.util.Locale;

/** Why a sequence ended. */
public enum FinishReason {
    STOP,
    LENGTH,
    CANCELLED,
    /** Its deadline has passed. */
    TIMEOUT;

    /** The word used on the wire. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
