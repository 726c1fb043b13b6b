package dev.candor.inference.engine.replay;

import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.sampling.TokenConstraint;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

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
 * @param text         whether it says what an answer of a given text, stop string and what follows left out, should say
 * @param constraint   makes what its tokens had to obey; called once a check
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
        Predicate<String> text,
        Optional<Supplier<TokenConstraint>> constraint) {
    public Transcript {
        if (prompt.length == 0 || answer.length == 0) {
            throw new IllegalArgumentException("a transcript has a prompt and an answer of at least one token each");
        }
        stopStrings = List.copyOf(stopStrings);
    }

    /** Without constraint. @param text the answer itself */
    public Transcript(
            int[] prompt,
            int[] answer,
            SamplingParams sampling,
            int maxTokens,
            int minTokens,
            List<String> stopStrings,
            boolean ignoreEos,
            String finishReason,
            String text) {
        this(prompt, answer, sampling, maxTokens, minTokens, stopStrings, ignoreEos, finishReason, text::equals, Optional.empty());
    }

    /** Prompt and answer, one after the other. */
    public int[] tokens() {
        int[] all = new int[prompt.length + answer.length];
        System.arraycopy(prompt, 0, all, 0, prompt.length);
        System.arraycopy(answer, 0, all, prompt.length, answer.length);
        return all;
    }
}
