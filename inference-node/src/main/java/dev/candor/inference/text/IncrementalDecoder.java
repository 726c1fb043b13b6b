package dev.candor.inference.text;

/** Turns one sequence's tokens into text as they come. Not thread-safe. */
public interface IncrementalDecoder {
    /** The text that {@code token} completes; empty while a character is still open. */
    String append(int token);

    /** What is left at the end, incomplete bytes as U+FFFD. */
    String flush();
}
