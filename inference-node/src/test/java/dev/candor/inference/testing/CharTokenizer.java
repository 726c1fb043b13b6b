package dev.candor.inference.testing;

import dev.candor.inference.text.IncrementalDecoder;
import dev.candor.inference.text.Tokenizer;

/** A token for each Unicode code point. */
public class CharTokenizer implements Tokenizer {
    @Override
    public int[] encode(String text) {
        return text.codePoints().toArray();
    }

    @Override
    public String decode(int[] tokens) {
        return new String(tokens, 0, tokens.length);
    }

    @Override
    public IncrementalDecoder newDecoder() {
        return new IncrementalDecoder() {
            @Override
            public String append(int token) {
                return Character.toString(token);
            }

            @Override
            public String flush() {
                return "";
            }
        };
    }

    @Override
    public void close() {
        // holds nothing
    }
}
