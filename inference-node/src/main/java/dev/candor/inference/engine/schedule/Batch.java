package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.Priority;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The sequences at work, on the engine's thread, step by step: end what is to end, let in what fits, compute some of the prompts, then one
 * token or more of each sequence that decodes. Nothing that a sequence comes out as depends on who else is there.
 */
final class Batch {
    /** With prompts in wait, transcripts are scored in one step of so many. */
    private static final int SCORE_EVERY = 8;

    private final WaitingRoom room;
    private final SlotTable table;
    private final Intake intake;
    private final Prefill prefill;
    private final Decode decode;
    private final Scoring scoring;
    private final Pace pace;
    private final LongSupplier nanoTime;
    private int scoreTurn;

    Batch(WaitingRoom room, SlotTable table, Intake intake, Prefill prefill, Decode decode, Scoring scoring, Pace pace, LongSupplier nanoTime) {
        this.room = room;
        this.table = table;
        this.intake = intake;
        this.prefill = prefill;
        this.decode = decode;
        this.scoring = scoring;
        this.pace = pace;
        this.nanoTime = nanoTime;
    }

    boolean idle() {
        return table.all().isEmpty() && scoring.idle();
    }

    void step() {
        endInterrupted();
        scoring.look(nanoTime.getAsLong());
        intake.run();
        prefill.run(budget(shortPrompts()));
        endInterrupted();
        join();
        decode.run();
        score();
    }

    /** Prompts go first, but not for ever. */
    private void score() {
        scoreTurn = (scoreTurn + 1) % SCORE_EVERY;
        if (scoreTurn == 0 || table.staged().isEmpty() && room.count(sequence -> true) == 0) {
            scoring.advance(budget(0));
        }
    }

    private void endInterrupted() {
        long now = nanoTime.getAsLong();
        room.takeAll(sequence -> sequence.interrupted(now).isPresent()).forEach(sequence -> interrupt(sequence, now));
        for (Sequence sequence : table.all()) {
            if (interrupt(sequence, now)) {
                table.leave(sequence);
            }
        }
        table.close();
    }

    private static boolean interrupt(Sequence sequence, long now) {
        Optional<FinishReason> reason = sequence.interrupted(now);
        reason.ifPresent(sequence::finish);
        return reason.isPresent();
    }

    private int budget(int shortPrompts) {
        int interactive = (int) table.all().stream()
                .limit(table.decoding()).filter(sequence -> sequence.priority() == Priority.INTERACTIVE).count();
        return pace.prefillTokens(table.decoding(), interactive, shortPrompts);
    }

    /** Those that can be computed now: one that still waits for a place comes no sooner if a long prompt or a transcript takes more of a step. */
    private int shortPrompts() {
        return (int) table.staged().stream().filter(sequence -> Prefill.left(sequence) > 0 && Intake.isShort(sequence)).count();
    }

    /** Lets prompts that are computed decode; while a failed step is being traced, one at a time. */
    private void join() {
        for (Sequence sequence : table.staged()) {
            if (Prefill.left(sequence) == 0 && (!tracing() || allProven())) {
                table.join(sequence);
            }
        }
    }

    private boolean tracing() {
        return table.all().stream().anyMatch(sequence -> sequence.kv().isSuspect()) || room.count(sequence -> sequence.kv().isSuspect()) > 0;
    }

    private boolean allProven() {
        return table.all().stream().limit(table.decoding()).allMatch(other -> other.kv().proven() && !other.kv().isSuspect());
    }

    /** Ends all sequences by {@code end}. */
    void endAll(Consumer<Sequence> end) {
        for (Sequence sequence : table.all()) {
            end.accept(sequence);
            table.leave(sequence);
        }
        table.close();
    }
}
