package dev.candor.inference.openai;

import dev.candor.inference.text.Tokenizer;
import java.util.HashMap;
import java.util.Map;

/**
 * The texts of single tokens, as completions' log probabilities name them: what is no UTF-8 by itself as {@code bytes:\\xe2\\x96}, so that no two
 * tokens' names are the same by accident. Not thread-safe.
 */
final class TokenWords {
    private static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private final Map<Integer, String> known = new HashMap<>();

    TokenWords(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    String of(int token) {
        return known.computeIfAbsent(token, this::word);
    }

    private String word(int token) {
        String text = tokenizer.text(token);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        StringBuilder word = new StringBuilder("bytes:");
        for (byte each : tokenizer.bytes(token)) {
            word.append(String.format("\\x%02x", each));
        }
        return word.toString();
    }
}
