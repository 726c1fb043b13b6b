package dev.candor.inference.text;

/** Text to token ids and back. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
    /** Token ids of {@code text}; special tokens written in it are recognised, none are added. */
    int[] encode(String text);

    /** The text of {@code tokens}, special tokens left out. */
    String decode(int[] tokens);

    /**
     * A decoder for one sequence, which gives text as soon as its UTF-8 is whole. Special tokens are left out but for those that tell the
     * parts of an answer apart, such as {@code [TOOL_CALLS]} and {@code <think>}.
     */
    IncrementalDecoder newDecoder();

    @Override
    void close();
}
