package dev.candor.inference.engine.sampling;

/**
 * The natural logarithms of the probabilities that a model's logits give its tokens, by arithmetic that gives the same bits on every machine.
 * Reads the logits it was made of, which must not change meanwhile.
 */
public final class LogProbs {
    /** Instead of minus infinity, which JSON cannot say; OpenAI's value. */
    private static final double LEAST = -9999;

    private final float[] logits;
    private final double norm;

    private LogProbs(float[] logits, double norm) {
        this.logits = logits;
        this.norm = norm;
    }

    /**
     * Of one place.
     *
     * @param logits one a token id
     * @throws UnusableLogitsException if they are not numbers
     */
    public static LogProbs of(float[] logits) {
        float max = Softmax.max(logits);
        if (!Float.isFinite(max)) {
            throw new UnusableLogitsException();
        }
        return new LogProbs(logits, max + StrictMath.log(Softmax.sumOfExp(logits, max)));
    }

    /** Of a token, to as many digits as a float has, so that it reads the same after it was written as JSON; at least -9999. */
    public double of(int token) {
        return Double.parseDouble(Float.toString((float) Math.max(logits[token] - norm, LEAST)));
    }

    /** The likeliest tokens, likeliest first, the lower id first among equals. @param count more than the vocabulary are all of it */
    public int[] likeliest(int count) {
        int[] tokens = new int[Math.min(count, logits.length)];
        int found = 0;
        float floor = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < logits.length && tokens.length > 0; token++) {
            if (found < tokens.length) {
                insert(tokens, found++, token);
            } else if (logits[token] > floor) {
                insert(tokens, found - 1, token);
            } else {
                continue;
            }
            floor = logits[tokens[found - 1]];
        }
        return tokens;
    }

    /** Puts a token at its place before {@code end}, and moves those after it by one. */
    private void insert(int[] tokens, int end, int token) {
        int at = end;
        while (at > 0 && logits[tokens[at - 1]] < logits[token]) {
            tokens[at] = tokens[at - 1];
            at--;
        }
        tokens[at] = token;
    }
}
