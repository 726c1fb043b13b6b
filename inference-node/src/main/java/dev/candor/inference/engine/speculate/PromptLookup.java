package dev.candor.inference.engine.speculate;

import java.util.Arrays;

/**
 * Guesses the next tokens of a text from the text itself (Saxena, prompt lookup decoding, 2023): where its last few tokens have stood
 * before, what followed them then may follow again. Answers that quote their prompt, and code, repeat themselves a lot.
 */
public final class PromptLookup {
    private static final int[] NOTHING = {};
    private static final int SHORTEST = 2;
    private static final int LONGEST = 5;

    private PromptLookup() {}

    /**
     * What may come after {@code tokens[0..length)}: what followed the longest repetition of its end, the latest of equals.
     *
     * @param most tokens at most
     */
    public static int[] guess(int[] tokens, int length, int most) {
        int best = 0;
        int from = 0;
        for (int end = length - 1; end >= SHORTEST && best < LONGEST; end--) {
            int match = match(tokens, end, length);
            if (match > best) {
                best = match;
                from = end;
            }
        }
        return best < SHORTEST ? NOTHING : Arrays.copyOfRange(tokens, from, Math.min(length, from + most));
    }

    /** How many tokens before {@code end} equal those at the end of the text. */
    private static int match(int[] tokens, int end, int length) {
        int most = Math.min(LONGEST, end);
        int match = 0;
        while (match < most && tokens[end - 1 - match] == tokens[length - 1 - match]) {
            match++;
        }
        return match;
    }
}
