package dev.candor.inference.openai;

/** One of the inputs of an encoder request. */
public sealed interface EncoderText {
    /** A text, never empty. */
    record Plain(String text) implements EncoderText {}

    /** Token ids as they are to be read, special tokens included; never empty. */
    record Tokens(int[] ids) implements EncoderText {}
}
