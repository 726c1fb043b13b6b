package dev.candor.inference.replay;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.replay.ReplayVerdict;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.engine.replay.TranscriptCheck;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** One answer about to be computed again. */
public final class Replay {
    private final ReplayModel model;
    private final Optional<Transcript> transcript;
    private final String hindrance;
    private Optional<TranscriptCheck> check = Optional.empty();
    private boolean cancelled;

    private Replay(ReplayModel model, Optional<Transcript> transcript, String hindrance) {
        this.model = model;
        this.transcript = transcript;
        this.hindrance = hindrance;
    }

    /** Reads the transcript of a receipt that has passed its own checks. */
    public static Replay of(ReplayableReceipt saved, Receipt receipt, ReplayModel model) {
        try {
            return new Replay(model, Optional.of(new TranscriptReader().read(saved.bundle(), receipt, model)), "");
        } catch (NotReplayableException e) {
            return new Replay(model, Optional.empty(), e.getMessage());
        }
    }

    /** Why there is nothing to check; empty if there is. */
    public String hindrance() {
        return hindrance;
    }

    /** The transcript, if it can be checked with this model. */
    public Optional<Transcript> transcript() {
        return transcript;
    }

    /** As {@link #start(OptionalLong)}, without a deadline. */
    public CompletableFuture<ReplayVerdict> start() throws EngineOverloadedException {
        return start(OptionalLong.empty());
    }

    /**
     * Starts the check beside whatever else the engine does.
     *
     * @param deadlineNanos on the clock of {@link System#nanoTime()}
     * @return the verdict, or why there is none: {@link ScoringTask#failed}
     * @throws EngineOverloadedException if the engine takes no more now
     */
    public synchronized CompletableFuture<ReplayVerdict> start(OptionalLong deadlineNanos) throws EngineOverloadedException {
        if (transcript.isEmpty()) {
            return CompletableFuture.completedFuture(new ReplayVerdict.NotComparable(hindrance));
        }
        try {
            TranscriptCheck started = TranscriptCheck.start(transcript.get(), model.engine(), model.prompts().tokenizer(), deadlineNanos);
            check = Optional.of(started);
            if (cancelled) {
                started.cancel();
            }
            return started.verdict();
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(new ReplayVerdict.NotComparable(e.getMessage()));
        }
    }

    /** Nobody waits for the verdict any more, or will if it has not started yet. */
    public synchronized void cancel() {
        cancelled = true;
        check.ifPresent(TranscriptCheck::cancel);
    }
}
