package dev.candor.inference.engine.replay;

import dev.candor.inference.engine.sampling.SamplingParams;
import java.util.List;

/**
 * An answer with all that decided it.
 *
 * @param prompt       token ids, at least one
 * @param answer       token ids as sampled, the end token included, at least one
 * @param maxTokens    tokens it might have had
 * @param minTokens    tokens before which no end token or stop string counted
 * @param stopStrings  texts that ended it
 * @param ignoreEos    whether end tokens were tokens like any other
 * @param finishReason why it ended, as the wire says
 * @param text         its text, stop string and what follows left out
 */
public record Transcript(
        int[] prompt,
        int[] answer,
        SamplingParams sampling,
        int maxTokens,
        int minTokens,
        List<String> stopStrings,
        boolean ignoreEos,
        String finishReason,
        String text) {
    public Transcript {
        if (prompt.length == 0 || answer.length == 0) {
            throw new IllegalArgumentException("a transcript has a prompt and an answer of at least one token each");
        }
        stopStrings = List.copyOf(stopStrings);
    }

    /** Prompt and answer, one after the other. */
    public int[] tokens() {
        int[] all = new int[prompt.length + answer.length];
        System.arraycopy(prompt, 0, all, 0, prompt.length);
        System.arraycopy(answer, 0, all, prompt.length, answer.length);
        return all;
    }
}
