package dev.candor.inference.limits;

import java.util.Locale;

/**
 * Whose a request is.
 *
 * @param name the key's name, the payer's address on the chain, or the address the request comes from
 */
public record ClientId(Kind kind, String name) {
    /** What tells clients apart. */
    public enum Kind {
        /** A key that the operator has given out. */
        KEY,
        /** The account that signed the payment. */
        PAYER,
        /** Where the request comes from. */
        ADDRESS
    }

    /** In one word each, such as {@code payer 0x12…}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
