package dev.candor.inference.engine.schedule;

/** When end tokens end an answer. */
public final class EndRule {
    private static final int[] NONE = {};

    private final int[] endTokens;
    private final int minTokens;
    private final boolean ignored;

    /**
     * @param minTokens tokens before which no end token is chosen
     * @param ignored   whether end tokens are tokens like any other
     */
    public EndRule(int[] endTokens, int minTokens, boolean ignored) {
        this.endTokens = endTokens;
        this.minTokens = minTokens;
        this.ignored = ignored;
    }

    /** The same, with end tokens that end the answer in any case. */
    EndRule heeded() {
        return new EndRule(endTokens, minTokens, false);
    }

    /** Whether a stop string counts, once {@code generated} tokens are there. */
    boolean mayStop(int generated) {
        return generated > minTokens;
    }

    /** Tokens that must not come next. */
    public int[] suppressed(int generated) {
        return ignored || generated >= minTokens ? NONE : endTokens;
    }

    public boolean isEnd(int token) {
        if (ignored) {
            return false;
        }
        for (int end : endTokens) {
            if (end == token) {
                return true;
            }
        }
        return false;
    }
}
