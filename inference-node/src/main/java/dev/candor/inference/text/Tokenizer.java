package dev.candor.inference.text;

import java.nio.charset.StandardCharsets;

/** Text to token ids and back. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
    /** Token ids of {@code text}; special tokens written in it are recognised, none are added. */
    int[] encode(String text);

    /** As {@link #encode}, with the special tokens that the tokenizer itself puts around a bare text, for example at its beginning. */
    default int[] encodeBare(String text) {
        return encode(text);
    }

    /** The text of {@code tokens}, special tokens left out. */
    String decode(int[] tokens);

    /** The text of {@code tokens}, special tokens as they are written; tokens that the vocabulary lacks are left out. */
    default String decodeWhole(int[] tokens) {
        return decode(tokens);
    }

    /** One token as text, special ones as they are written; bytes that are no UTF-8 by themselves as U+FFFD. */
    default String text(int token) {
        return decode(new int[] {token});
    }

    /** One token's bytes, which may be a part of a character. */
    default byte[] bytes(int token) {
        return text(token).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A decoder for one sequence, which gives text as soon as its UTF-8 is whole. Special tokens are left out but for those that tell the
     * parts of an answer apart, such as {@code [TOOL_CALLS]} and {@code <think>}.
     */
    IncrementalDecoder newDecoder();

    @Override
    void close();
}
