package dev.candor.inference.engine.sampling;

import java.util.Arrays;

/** Which tokens may come next. */
public final class TokenMask {
    private static final TokenMask EVERYTHING = new TokenMask(null);
    private static final long ALL = -1;

    /** Null for everything. */
    private final long[] words;

    private TokenMask(long[] words) {
        this.words = words;
    }

    /** Every token. */
    public static TokenMask everything() {
        return EVERYTHING;
    }

    /** @param words bit {@code id % 64} of word {@code id / 64}; ids beyond the last word may not come; not copied */
    public static TokenMask of(long[] words) {
        return new TokenMask(words);
    }

    /** Whether nothing but some of {@code ids} may come. */
    boolean allowsOnly(int[] ids) {
        if (words == null || ids.length == 0) {
            return false;
        }
        int others = 0;
        for (long word : words) {
            others += Long.bitCount(word);
        }
        for (int i = 0; i < ids.length; i++) {
            others -= allows(ids[i]) && first(ids, i) ? 1 : 0;
        }
        return others == 0;
    }

    private static boolean first(int[] ids, int at) {
        for (int i = 0; i < at; i++) {
            if (ids[i] == ids[at]) {
                return false;
            }
        }
        return true;
    }

    private boolean allows(int id) {
        return id >>> 6 < words.length && (words[id >>> 6] >>> id & 1) == 1;
    }

    /** Whether the token of the highest logit among these (the lowest of equals) is not among others. */
    public boolean likeliestIsMissing(TokenMask others, float[] logits) {
        int best = -1;
        for (int id = 0; id < logits.length; id++) {
            if ((words == null || allows(id)) && (best < 0 || logits[id] > logits[best])) {
                best = id;
            }
        }
        return best >= 0 && others.words != null && !others.allows(best);
    }

    /** Whether any of a vocabulary's tokens may come. */
    boolean allowsAny(int vocabulary) {
        if (words == null) {
            return true;
        }
        for (int from = 0; from < vocabulary; from += Long.SIZE) {
            long word = word(from);
            int rest = vocabulary - from;
            if ((rest < Long.SIZE ? word & (1L << rest) - 1 : word) != 0) {
                return true;
            }
        }
        return false;
    }

    private long word(int id) {
        return id >>> 6 < words.length ? words[id >>> 6] : 0;
    }

    /** Gives everything that may not come a logit of minus infinity, 64 tokens at a time where they are alike. */
    void apply(float[] logits) {
        if (words == null) {
            return;
        }
        for (int from = 0; from < logits.length; from += Long.SIZE) {
            long word = word(from);
            int to = Math.min(logits.length, from + Long.SIZE);
            if (word == 0) {
                Arrays.fill(logits, from, to, Float.NEGATIVE_INFINITY);
            } else if (word != ALL) {
                forbid(logits, from, to, ~word);
            }
        }
    }

    private static void forbid(float[] logits, int from, int to, long forbidden) {
        long rest = to - from < Long.SIZE ? forbidden & (1L << to - from) - 1 : forbidden;
        while (rest != 0) {
            logits[from + Long.numberOfTrailingZeros(rest)] = Float.NEGATIVE_INFINITY;
            rest &= rest - 1;
        }
    }
}
