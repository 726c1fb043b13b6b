package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.Priority;
import java.util.Optional;

/**
 * Lets waiting sequences into staging slots: while there is a place among those that decode, a staging slot, and memory for the whole
 * prompt until it has joined them. For one that somebody waits for, batch sequences go back, each of them once at most.
 * While a transcript has waited too long, batch sequences wait for it.
 */
final class Intake {
    /** Prompts longer than this leave a staging slot to shorter ones. */
    static final int LONG_PROMPT = 512;

    private final WaitingRoom room;
    private final SlotTable table;
    private final KvMemory memory;
    private final Scoring scoring;

    Intake(WaitingRoom room, SlotTable table, KvMemory memory, Scoring scoring) {
        this.room = room;
        this.table = table;
        this.memory = memory;
        this.scoring = scoring;
    }

    /** Whether what a prompt has to compute, or had when it began, is no reason for others to wait. */
    static boolean isShort(Sequence sequence) {
        return sequence.prefillTarget() - sequence.kv().cached() <= LONG_PROMPT;
    }

    void run() {
        Optional<Sequence> next = room.next(this::mayStage);
        while (next.isPresent() && !suspectAtWork() && makePlace(next.get()) && makeMemory(next.get())) {
            room.take(next.get());
            table.stage(next.get());
            next = room.next(this::mayStage);
        }
    }

    /** A sequence under suspicion is alone with those that are not. */
    private boolean suspectAtWork() {
        return table.all().stream().anyMatch(sequence -> sequence.kv().isSuspect());
    }

    private boolean mayStage(Sequence sequence) {
        if (sequence.priority() == Priority.BATCH && scoring.insists()) {
            return false;
        }
        return isShort(sequence) || table.stagingFree() != 1 || table.staged().stream().allMatch(Intake::isShort);
    }

    private boolean makePlace(Sequence next) {
        while (!table.placeFree() || table.stagingFree() == 0) {
            boolean staging = table.stagingFree() == 0;
            if (!insists(next) || !giveWay(staging)) {
                return false;
            }
        }
        return true;
    }

    private boolean makeMemory(Sequence next) {
        while (wanted(next) > memory.available() - promised() && !table.all().isEmpty()) {
            if (!insists(next) || !giveWay(false)) {
                return false;
            }
        }
        return true;
    }

    private static boolean insists(Sequence next) {
        return next.priority() == Priority.INTERACTIVE;
    }

    private boolean giveWay(boolean staged) {
        boolean gone = table.putBackBatch(sequence -> !sequence.kv().gaveWay() && (!staged || table.staged().contains(sequence)));
        table.close();
        return gone;
    }

    private int wanted(Sequence sequence) {
        return memory.toBegin(sequence.prefillTarget() + 1);
    }

    /** Blocks that staged sequences will need beyond those they have. */
    private int promised() {
        return table.staged().stream().mapToInt(sequence -> wanted(sequence) - KvMemory.blocks(sequence.kv().computed())).sum();
    }
}
