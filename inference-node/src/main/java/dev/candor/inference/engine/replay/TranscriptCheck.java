package dev.candor.inference.engine.replay;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.sampling.SamplerWorkspace;
import dev.candor.inference.engine.schedule.AnswerText;
import dev.candor.inference.engine.schedule.EndRule;
import dev.candor.inference.engine.schedule.TokenChoice;
import dev.candor.inference.text.StopStringMatcher;
import dev.candor.inference.text.Tokenizer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** Takes every decision of an answer again, from the logits that one prefill of prompt and answer gives. */
public final class TranscriptCheck implements ScoringTask {
    private final Transcript transcript;
    private final int contextLength;
    private final int[] tokens;
    private final TokenChoice choice;
    private final AnswerText text;
    private final OptionalLong deadlineNanos;
    private final CompletableFuture<ReplayVerdict> verdict = new CompletableFuture<>();
    private int checked;
    private volatile boolean cancelled;

    private TranscriptCheck(Transcript transcript, InferenceEngine engine, Tokenizer tokenizer, OptionalLong deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        this.transcript = transcript;
        this.contextLength = engine.info().contextLength();
        this.tokens = transcript.tokens();
        this.choice = new TokenChoice(
                transcript.sampling(),
                transcript.prompt(),
                new SamplerWorkspace(engine.vocabSize()),
                new EndRule(engine.endTokens(), transcript.minTokens(), transcript.ignoreEos()),
                transcript.constraint());
        this.text = new AnswerText(tokenizer.newDecoder(), new StopStringMatcher(transcript.stopStrings()));
    }

    /** As {@link #start(Transcript, InferenceEngine, Tokenizer, OptionalLong)}, without a deadline. */
    public static TranscriptCheck start(Transcript transcript, InferenceEngine engine, Tokenizer tokenizer) throws EngineOverloadedException {
        return start(transcript, engine, tokenizer, OptionalLong.empty());
    }

    /**
     * Begins a check.
     *
     * @param deadlineNanos as {@link ScoringTask#deadlineNanos()}
     * @throws EngineOverloadedException if the engine takes no more of them now
     * @throws IllegalArgumentException  if the transcript cannot be one of this model
     */
    public static TranscriptCheck start(Transcript transcript, InferenceEngine engine, Tokenizer tokenizer, OptionalLong deadlineNanos)
            throws EngineOverloadedException {
        TranscriptCheck check = new TranscriptCheck(transcript, engine, tokenizer, deadlineNanos);
        engine.score(check);
        return check;
    }

    /** Completes with the verdict, or with the engine's failure. */
    public CompletableFuture<ReplayVerdict> verdict() {
        return verdict;
    }

    /** Nobody waits any more. */
    public void cancel() {
        cancelled = true;
    }

    @Override
    public int[] tokens() {
        return tokens;
    }

    @Override
    public int firstRow() {
        return transcript.prompt().length - 1;
    }

    @Override
    public boolean row(float[] logits) {
        int said = transcript.answer()[checked];
        int computed = choice.next(logits, room());
        if (computed != said) {
            return differs(checked, "token " + checked + " is " + said + ", the model and the parameters give " + computed);
        }
        checked++;
        if (!choice.ended()) {
            text.append(said, choice.mayStop());
        }
        Optional<FinishReason> over = text.stopped() ? Optional.of(FinishReason.STOP) : choice.over(room());
        if (checked < transcript.answer().length) {
            return over.isEmpty() || differs(checked, "the answer should have ended after token " + (checked - 1) + ", and goes on");
        }
        end(over);
        return false;
    }

    /** Tokens that the answer may still get. */
    private int room() {
        return Math.min(transcript.maxTokens() - checked, contextLength - transcript.prompt().length - checked);
    }

    private void end(Optional<FinishReason> over) {
        text.end();
        Optional<String> expected = over.map(reason -> text.stopped() ? FinishReason.STOP : reason).map(FinishReason::wire);
        if (expected.isPresent() && !expected.get().equals(transcript.finishReason())) {
            differs(checked, "the answer ended for the reason " + expected.get() + ", and says " + transcript.finishReason());
        } else if (expected.isEmpty() && !interrupted()) {
            differs(checked, "the answer says that it ended for the reason " + transcript.finishReason() + ", and should have gone on");
        } else if (!transcript.text().test(text.whole())) {
            differs(checked, "the answer's text is not that of its tokens");
        } else {
            verdict.complete(new ReplayVerdict.Match(checked));
        }
    }

    private boolean interrupted() {
        return transcript.finishReason().equals(FinishReason.CANCELLED.wire()) || transcript.finishReason().equals(FinishReason.TIMEOUT.wire());
    }

    private boolean differs(int token, String detail) {
        verdict.complete(new ReplayVerdict.Mismatch(0, token, detail));
        return false;
    }

    @Override
    public OptionalLong deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void finished() {
        verdict.completeExceptionally(new CancellationException("the check was cancelled"));
    }

    @Override
    public void failed(Exception failure) {
        verdict.completeExceptionally(failure);
    }
}
