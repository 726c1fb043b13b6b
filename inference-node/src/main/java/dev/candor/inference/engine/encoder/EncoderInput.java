package dev.candor.inference.engine.encoder;

/**
 * One sequence as the model reads it.
 *
 * @param tokens token ids, special tokens included, at least one
 * @param types  segment of each token, 0 or 1, as long as {@code tokens}
 */
public record EncoderInput(int[] tokens, byte[] types) {
    /** @throws IllegalArgumentException if there are no tokens, or not as many segments */
    public EncoderInput {
        if (tokens.length == 0 || types.length != tokens.length) {
            throw new IllegalArgumentException("a sequence of " + tokens.length + " tokens with " + types.length + " segments");
        }
    }

    /** A sequence of one segment. */
    public static EncoderInput of(int[] tokens) {
        return new EncoderInput(tokens, new byte[tokens.length]);
    }

    /** Tokens of the sequence. */
    public int length() {
        return tokens.length;
    }
}
