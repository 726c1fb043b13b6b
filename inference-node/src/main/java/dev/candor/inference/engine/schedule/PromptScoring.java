package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.engine.sampling.LogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** Finds out how likely a model holds the tokens of a prompt. */
public final class PromptScoring implements ScoringTask {
    private final int[] prompt;
    private final int alternatives;
    private final OptionalLong deadlineNanos;
    private final List<TokenScore> found = new ArrayList<>();
    private final CompletableFuture<List<TokenScore>> scores = new CompletableFuture<>();
    private volatile boolean cancelled;

    private PromptScoring(int[] prompt, int alternatives, OptionalLong deadlineNanos) {
        this.prompt = prompt;
        this.alternatives = alternatives;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Begins.
     *
     * @param prompt        token ids, at least two
     * @param alternatives  likeliest tokens to tell at each place
     * @param deadlineNanos as {@link ScoringTask#deadlineNanos()}
     * @throws EngineOverloadedException     if the engine takes no more of them now
     * @throws IllegalArgumentException      if the prompt does not fit the model
     * @throws UnsupportedOperationException if the engine is not {@link InferenceEngine#replayable()}
     */
    public static PromptScoring start(int[] prompt, int alternatives, InferenceEngine engine, OptionalLong deadlineNanos)
            throws EngineOverloadedException {
        PromptScoring scoring = new PromptScoring(prompt, alternatives, deadlineNanos);
        engine.score(scoring);
        return scoring;
    }

    /** Of each token but the first, in order; or why there are none, as {@link ScoringTask#failed}. */
    public CompletableFuture<List<TokenScore>> scores() {
        return scores;
    }

    /** Nobody waits any more. */
    public void cancel() {
        cancelled = true;
    }

    @Override
    public int[] tokens() {
        return prompt;
    }

    @Override
    public int firstRow() {
        return 0;
    }

    @Override
    public boolean row(float[] logits) {
        found.add(Scores.of(LogProbs.of(logits), prompt[found.size() + 1], alternatives));
        return true;
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public OptionalLong deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void finished() {
        if (found.size() == prompt.length - 1) {
            scores.complete(List.copyOf(found));
        } else {
            scores.completeExceptionally(new CancellationException("the scoring of a prompt was cancelled"));
        }
    }

    @Override
    public void failed(Exception failure) {
        scores.completeExceptionally(failure);
    }
}
