package dev.candor.inference.replay;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.replay.ReplayVerdict;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.engine.replay.TranscriptCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** One answer about to be computed again, choice after choice. */
public final class Replay {
    private static final Map<String, AnswerReader> READERS = Map.of(
            ChatReader.PATH, new ChatReader(), CompletionReader.PATH, new CompletionReader(), ResponsesReader.PATH, new ResponsesReader());

    private final ReplayModel model;
    private final List<Transcript> transcripts;
    private final String hindrance;
    private Optional<TranscriptCheck> check = Optional.empty();
    private boolean cancelled;

    private Replay(ReplayModel model, List<Transcript> transcripts, String hindrance) {
        this.model = model;
        this.transcripts = List.copyOf(transcripts);
        this.hindrance = hindrance;
    }

    /** Reads the transcripts of a receipt that has passed its own checks. */
    public static Replay of(ReplayableReceipt saved, Receipt receipt, ReplayModel model) {
        try {
            return new Replay(model, new TranscriptReader(READERS).read(saved.bundle(), receipt, model), "");
        } catch (NotReplayableException e) {
            return new Replay(model, List.of(), e.getMessage());
        }
    }

    /** The paths whose answers can be computed again. */
    public static boolean takes(String path) {
        return READERS.containsKey(path);
    }

    /** Why there is nothing to check; empty if there is. */
    public String hindrance() {
        return hindrance;
    }

    /** Of each choice, if they can be checked with this model; else none. */
    public List<Transcript> transcripts() {
        return transcripts;
    }

    /** As {@link #start(OptionalLong)}, without a deadline. */
    public CompletableFuture<ReplayVerdict> start() throws EngineOverloadedException {
        return start(OptionalLong.empty());
    }

    /**
     * Starts the check beside whatever else the engine does.
     *
     * @param deadlineNanos on the clock of {@link System#nanoTime()}
     * @return the verdict on all choices, or why there is none: {@link ScoringTask#failed}
     * @throws EngineOverloadedException if the engine takes no more now
     */
    public CompletableFuture<ReplayVerdict> start(OptionalLong deadlineNanos) throws EngineOverloadedException {
        if (transcripts.isEmpty()) {
            return CompletableFuture.completedFuture(new ReplayVerdict.NotComparable(hindrance));
        }
        return check(0, 0, deadlineNanos);
    }

    private CompletableFuture<ReplayVerdict> check(int choice, int matched, OptionalLong deadlineNanos) throws EngineOverloadedException {
        try {
            return begin(transcripts.get(choice), deadlineNanos).verdict()
                    .thenComposeAsync(verdict -> goOn(choice, matched, verdict, deadlineNanos), Thread::startVirtualThread);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(new ReplayVerdict.NotComparable(e.getMessage()));
        }
    }

    private synchronized TranscriptCheck begin(Transcript transcript, OptionalLong deadlineNanos) throws EngineOverloadedException {
        TranscriptCheck started = TranscriptCheck.start(transcript, model.engine(), model.prompts().tokenizer(), deadlineNanos);
        check = Optional.of(started);
        if (cancelled) {
            started.cancel();
        }
        return started;
    }

    private CompletableFuture<ReplayVerdict> goOn(int choice, int matched, ReplayVerdict verdict, OptionalLong deadlineNanos) {
        return switch (verdict) {
            case ReplayVerdict.Match match when choice + 1 < transcripts.size() -> checkNext(choice + 1, matched + match.tokens(), deadlineNanos);
            case ReplayVerdict.Match match -> CompletableFuture.completedFuture(new ReplayVerdict.Match(matched + match.tokens()));
            case ReplayVerdict.Mismatch mismatch -> CompletableFuture.completedFuture(transcripts.size() == 1 ? mismatch : mismatch.of(choice));
            case ReplayVerdict.NotComparable not -> CompletableFuture.completedFuture(not);
        };
    }

    private CompletableFuture<ReplayVerdict> checkNext(int choice, int matched, OptionalLong deadlineNanos) {
        try {
            return check(choice, matched, deadlineNanos);
        } catch (EngineOverloadedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Nobody waits for the verdict any more, or will if it has not started yet. */
    public synchronized void cancel() {
        cancelled = true;
        check.ifPresent(TranscriptCheck::cancel);
    }
}
