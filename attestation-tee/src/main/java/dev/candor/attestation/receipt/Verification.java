package dev.candor.attestation.receipt;

import java.util.Locale;

/** What proof a request asks for. */
public enum Verification {
    /** The answer alone, without a receipt. */
    NONE,
    /** A receipt signed by a key that Evidence binds to the node. */
    TEE,
    /** As {@link #TEE}, by a model whose answers can be computed again to the last bit, so that any node with the model can check each token. */
    REPLAY;

    /** The word used on the wire: {@code none}, {@code tee} or {@code replay}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
