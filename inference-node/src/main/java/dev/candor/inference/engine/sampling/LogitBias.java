package dev.candor.inference.engine.sampling;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is added to the logits of some tokens before anything is chosen: OpenAI's {@code logit_bias}. A value of -100 all but forbids a token, one
 * of 100 all but demands it.
 */
public final class LogitBias {
    /** Tokens that may have a bias. */
    public static final int MOST = 1024;

    private static final double LARGEST = 100;
    private static final LogitBias NONE = new LogitBias(new int[0], new float[0]);

    private final int[] tokens;
    private final float[] values;

    private LogitBias(int[] tokens, float[] values) {
        this.tokens = tokens;
        this.values = values;
    }

    /** Changes nothing. */
    public static LogitBias none() {
        return NONE;
    }

    /**
     * By token id.
     *
     * @param byToken at most {@value #MOST}, each from -100 to 100
     * @throws IllegalArgumentException naming the token whose value is out of range, or if there are too many
     */
    public static LogitBias of(Map<Integer, ? extends Number> byToken) {
        if (byToken.size() > MOST) {
            throw new IllegalArgumentException("logit_bias may name at most " + MOST + " tokens, got " + byToken.size());
        }
        SortedMap<Integer, Number> sorted = new TreeMap<>(byToken);
        int[] tokens = new int[sorted.size()];
        float[] values = new float[sorted.size()];
        int count = 0;
        for (Map.Entry<Integer, Number> each : sorted.entrySet()) {
            double value = each.getValue().doubleValue();
            if (!(Math.abs(value) <= LARGEST)) {
                throw new IllegalArgumentException("logit_bias must be between -100 and 100, and is " + value + " for token " + each.getKey());
            }
            tokens[count] = each.getKey();
            values[count++] = (float) value;
        }
        return tokens.length == 0 ? NONE : new LogitBias(tokens, values);
    }

    /** @throws IllegalArgumentException naming the token that a model of so many tokens does not have */
    void requireWithin(int vocabulary) {
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw new IllegalArgumentException("logit_bias names token " + token + ", outside the model's vocabulary of " + vocabulary);
            }
        }
    }

    void apply(float[] logits) {
        for (int i = 0; i < tokens.length; i++) {
            logits[tokens[i]] += values[i];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogitBias bias && Arrays.equals(tokens, bias.tokens) && Arrays.equals(values, bias.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tokens) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("LogitBias[");
        for (int i = 0; i < tokens.length; i++) {
            text.append(i == 0 ? "" : ", ").append(tokens[i]).append('=').append(values[i]);
        }
        return text.append(']').toString();
    }
}
