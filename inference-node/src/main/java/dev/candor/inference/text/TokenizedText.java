package dev.candor.inference.text;

import java.util.Arrays;

/**
 * A text, or a pair of texts, as an encoder reads it. The arrays are of one length.
 *
 * @param tokens  ids, special tokens included
 * @param types   segment of each
 * @param special whether it is one that the tokenizer added
 * @param starts  where each begins in its text, in UTF-16 units; -1 for a special one
 * @param ends    where each ends, exclusive; -1 for a special one
 */
public record TokenizedText(int[] tokens, byte[] types, boolean[] special, int[] starts, int[] ends) {
    /** Token ids as somebody gave them: all of them content, of unknown places. */
    public static TokenizedText ofTokens(int[] tokens) {
        int[] nowhere = new int[tokens.length];
        Arrays.fill(nowhere, -1);
        return new TokenizedText(tokens, new byte[tokens.length], new boolean[tokens.length], nowhere, nowhere);
    }

    public int length() {
        return tokens.length;
    }

    /**
     * The same with at most {@code max} tokens: the last of the content go, of a pair those of the second text first; special tokens stay.
     *
     * @throws IllegalArgumentException if the special tokens alone are more
     */
    public TokenizedText truncated(int max) {
        if (length() <= max) {
            return this;
        }
        boolean[] kept = new boolean[length()];
        Arrays.fill(kept, true);
        int left = length();
        for (int segment = 1; segment >= 0; segment--) {
            for (int i = length() - 1; i >= 0 && left > max; i--) {
                if (types[i] == segment && !special[i] && kept[i]) {
                    kept[i] = false;
                    left--;
                }
            }
        }
        if (left > max) {
            throw new IllegalArgumentException("the special tokens alone are more than " + max);
        }
        return keep(kept, left);
    }

    private TokenizedText keep(boolean[] kept, int count) {
        TokenizedText out = new TokenizedText(new int[count], new byte[count], new boolean[count], new int[count], new int[count]);
        int to = 0;
        for (int i = 0; i < length(); i++) {
            if (kept[i]) {
                out.tokens[to] = tokens[i];
                out.types[to] = types[i];
                out.special[to] = special[i];
                out.starts[to] = starts[i];
                out.ends[to] = ends[i];
                to++;
            }
        }
        return out;
    }
}
