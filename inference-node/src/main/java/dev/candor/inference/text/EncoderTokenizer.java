package dev.candor.inference.text;

/** Text to token ids, with the special tokens that the model was trained with. Thread-safe. */
public interface EncoderTokenizer extends AutoCloseable {
    TokenizedText encode(String text);

    /** Two texts as one sequence of two segments. */
    TokenizedText encode(String first, String second);

    /** The text of one token, special or not. */
    String token(int id);

    @Override
    void close();
}
