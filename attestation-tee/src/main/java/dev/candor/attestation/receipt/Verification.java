package dev.candor.attestation.receipt;

import java.util.Locale;

/** What proof a request asks for. */
public enum Verification {
    /** The answer alone, without a receipt. */
    NONE,
    /** A receipt signed by a key that Evidence binds to the node. */
    TEE;

    /** The word used on the wire: {@code none} or {@code tee}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
