package dev.candor.inference.engine.sampling;

import java.util.Arrays;

/** Lowers the logits of tokens seen before; costs time only for those. */
final class Penalties {
    private final SamplingParams params;
    private final int[] answerCounts;
    private final boolean[] isSeen;
    private int[] seen = new int[64];
    private int seenCount;

    Penalties(SamplingParams params, int[] prompt, int vocabulary) {
        this.params = params;
        this.answerCounts = new int[vocabulary];
        this.isSeen = new boolean[vocabulary];
        for (int token : prompt) {
            note(token);
        }
    }

    private void note(int token) {
        if (isSeen[token]) {
            return;
        }
        isSeen[token] = true;
        if (seenCount == seen.length) {
            seen = Arrays.copyOf(seen, seenCount * 2);
        }
        seen[seenCount++] = token;
    }

    /** Counts a token of the answer. */
    void saw(int token) {
        note(token);
        answerCounts[token]++;
    }

    void apply(float[] logits) {
        float repetition = (float) params.repetitionPenalty();
        float frequency = (float) params.frequencyPenalty();
        float presence = (float) params.presencePenalty();
        for (int i = 0; i < seenCount; i++) {
            int token = seen[i];
            float logit = logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
            int count = answerCounts[token];
            logits[token] = count > 0 ? logit - frequency * count - presence : logit;
        }
    }
}
