package dev.candor.inference.engine.schedule;

import dev.candor.inference.text.Tokenizer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether a tokenizer can be the model's: it gives no token that the model does not know. */
record TokenizerFit(Tokenizer tokenizer, int vocabulary) {
    private static final String PROBE = "The quick brown fox jumps over the lazy dog. function main() { return 1234567890; } "
            + IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());

    /** @throws IllegalArgumentException naming a token that the model does not know */
    void check(List<Integer> endTokens) {
        for (int token : tokenizer.encode(PROBE)) {
            require(token, "the tokenizer gives");
        }
        for (int token : endTokens) {
            require(token, "an answer is to end at");
        }
    }

    private void require(int token, String what) {
        if (token < 0 || token >= vocabulary) {
            throw new IllegalArgumentException(what + " token " + token + ", and the model knows only 0 to " + (vocabulary - 1)
                    + ": the tokenizer does not fit the model; import the model again from its own files");
        }
    }
}
