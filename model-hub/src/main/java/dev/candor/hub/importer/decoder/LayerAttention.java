package dev.candor.hub.importer.decoder;

import java.util.Optional;

/**
 * How one layer attends.
 *
 * @param window most recent tokens that a token sees, itself included; 0 for all
 * @param rope   its rotary embedding, absent in layers without positions
 */
public record LayerAttention(int window, Optional<Rope> rope) {
    /** Sees all tokens. */
    public static LayerAttention global(Rope rope) {
        return new LayerAttention(0, Optional.of(rope));
    }

    /** Sees the last {@code window} tokens. */
    public static LayerAttention sliding(int window, Rope rope) {
        return new LayerAttention(window, Optional.of(rope));
    }

    /** Sees all tokens, and nothing of their positions. */
    public static LayerAttention withoutPositions() {
        return new LayerAttention(0, Optional.empty());
    }
}
