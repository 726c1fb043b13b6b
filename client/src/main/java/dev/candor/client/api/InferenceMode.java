package dev.candor.client.api;

import java.util.Locale;

/** What proof an answer must come with. */
public enum InferenceMode {
    /**
     * None: the answer alone, which nothing proves and {@code receipt()} of which throws. What is paid for it counts against the spending limits
     * with its whole cap, since only a verified receipt tells the charge.
     */
    NONE,
    /**
     * A receipt over the exact request and answer, the model's digest, the token counts and the price, signed by a key that the node's Evidence
     * binds to the machine. The answer is withheld unless all of it verifies. What Evidence of software proves about the machine is nothing; where
     * that is not enough, ask for hardware.
     */
    TEE,
    /**
     * As {@link #TEE}, run such that any node which has the model can compute the answer again and compare every token: whoever doubts it sends the
     * saved receipt to {@code POST /v1/replay} there. For chats, completions and responses of models that offer it ({@link ModelInfo#modes()}); the
     * others refuse.
     */
    REPLAY;

    /** The value of the request's member {@code verification}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
