package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ScoringTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Transcripts that are computed again beside the sequences, one after the other, a chunk at a time, in a slot of their own. One begins once the
 * memory for all of it is free, and begins anew if a sequence has taken that memory back. One that has been first in line for {@link #AGED} keeps
 * further batch sequences out until it is done; one that is not done within {@link PendingTranscript#PATIENCE} of its arrival fails.
 */
final class Scoring {
    static final Duration AGED = Duration.ofSeconds(10);
    private static final int MOST_WAITING = 16;

    private final ModelRunner runner;
    private final KvMemory memory;
    private final Logits logits;
    private final Deque<PendingTranscript> waiting = new ArrayDeque<>();
    private boolean over;
    private PendingTranscript current;
    private long firstSince;
    private boolean insists;
    private int done;
    private int told;

    Scoring(ModelRunner runner, KvMemory memory, Logits logits) {
        this.runner = runner;
        this.memory = memory;
        this.logits = logits;
    }

    /** Thread-safe. */
    synchronized void add(ScoringTask task, long now) throws EngineOverloadedException {
        if (over) {
            throw new EngineOverloadedException("the engine has stopped");
        }
        if (waiting.size() >= MOST_WAITING) {
            throw new EngineOverloadedException(waiting.size() + " transcripts are waiting; there is room for no more");
        }
        waiting.add(new PendingTranscript(task, now));
    }

    synchronized boolean idle() {
        return current == null && waiting.isEmpty();
    }

    /** Whether batch sequences that are not in yet have to wait for a transcript. */
    boolean insists() {
        return insists;
    }

    /** Ends those that nobody waits for or whose time is up, and lets the next come first. */
    void look(long now) {
        List<PendingTranscript> ended = new ArrayList<>();
        if (current != null && current.over(now)) {
            ended.add(current);
            leave();
        }
        synchronized (this) {
            waiting.stream().filter(each -> each.over(now)).forEach(ended::add);
            waiting.removeAll(ended);
            if (current == null && !waiting.isEmpty()) {
                current = waiting.poll();
                firstSince = now;
            }
        }
        ended.forEach(each -> each.end(now));
        insists = current != null && now - firstSince >= AGED.toNanos();
    }

    /** Computes up to {@code budget} tokens. */
    void advance(int budget) {
        if (current == null) {
            return;
        }
        ScoringTask task = current.task();
        try {
            if (compute(budget)) {
                leave();
                task.finished();
            }
        } catch (ModelException | RuntimeException e) {
            leave();
            task.failed(e);
        }
    }

    /** @return whether the task is done */
    private boolean compute(int budget) throws ModelException {
        ScoringTask task = current.task();
        if (memory.lent() == 0) {
            done = 0;
        }
        if (!memory.reserve(runner.scoringSlot(), current.length())) {
            return false;
        }
        int to = Math.min(current.length(), done + Math.max(1, budget));
        int first = Math.max(Math.max(done, told), task.firstRow());
        if (first < to) {
            to = Math.min(to, first + runner.scoringRows());
        }
        runner.prefill(runner.scoringSlot(), task.tokens(), done, to, Math.min(first, to - 1));
        for (int row = 0; row < to - first; row++) {
            if (!logits.read(row)) {
                throw Logits.notNumbers();
            }
            if (!task.row(logits.values())) {
                return true;
            }
        }
        done = to;
        told = Math.max(told, to);
        return done == current.length();
    }

    private void leave() {
        memory.release(runner.scoringSlot());
        done = 0;
        told = 0;
        synchronized (this) {
            current = null;
        }
    }

    /** Ends all. */
    void end(Exception failure) {
        List<PendingTranscript> ended = new ArrayList<>();
        synchronized (this) {
            over = true;
            if (current != null) {
                ended.add(current);
            }
            ended.addAll(waiting);
            waiting.clear();
            current = null;
        }
        ended.forEach(pending -> pending.task().failed(failure));
    }
}
