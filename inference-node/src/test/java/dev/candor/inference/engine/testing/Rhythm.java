package dev.candor.inference.engine.testing;

import dev.candor.inference.engine.sampling.TokenConstraint;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Allows at each place the tokens whose id leaves the place's remainder, for so many places; with one token left too soon it allows
 * {@value #CLOSING} alone, and lands. It may end before, by an end token, where that is one of those allowed.
 */
public class Rhythm implements TokenConstraint {
    /** Ends a text that has to be cut. */
    public static final int CLOSING = 5;

    private final int vocabulary;
    private final int period;
    private final int length;
    private int place;
    private boolean landed;

    public Rhythm(int vocabulary, int period, int length) {
        this.vocabulary = vocabulary;
        this.period = period;
        this.length = length;
    }

    @Override
    public long[] allowed(int tokensLeft) {
        landed |= tokensLeft == 1 && place + 1 < length;
        return words(this::allows);
    }

    private long[] words(IntPredicate allowed) {
        long[] words = new long[vocabulary / Long.SIZE + 1];
        for (int token = 0; token < vocabulary; token++) {
            if (allowed.test(token)) {
                words[token / Long.SIZE] |= 1L << token;
            }
        }
        return words;
    }

    private boolean allows(int token) {
        return landed ? token == CLOSING : inTime(token);
    }

    private boolean inTime(int token) {
        return token % period == place % period;
    }

    @Override
    public void accept(int token) {
        if (!allows(token)) {
            throw new IllegalArgumentException("token " + token + " at place " + place);
        }
        place++;
    }

    @Override
    public boolean complete() {
        return landed || place == length;
    }

    @Override
    public Optional<long[]> unbounded() {
        return landed ? Optional.of(words(this::inTime)) : Optional.empty();
    }
}
