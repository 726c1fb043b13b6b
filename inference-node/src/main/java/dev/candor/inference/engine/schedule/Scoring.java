package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ScoringTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Transcripts that are computed again beside the sequences, one after the other, a chunk at a time, in a slot of their own. */
final class Scoring {
    private static final int MOST_WAITING = 16;

    private final ModelRunner runner;
    private final KvMemory memory;
    private final Logits logits;
    private final Deque<ScoringTask> waiting = new ArrayDeque<>();
    private boolean over;
    private ScoringTask current;
    private int done;

    Scoring(ModelRunner runner, KvMemory memory, Logits logits) {
        this.runner = runner;
        this.memory = memory;
        this.logits = logits;
    }

    /** Thread-safe. */
    synchronized void add(ScoringTask task) throws EngineOverloadedException {
        if (over) {
            throw new EngineOverloadedException("the engine has stopped");
        }
        if (waiting.size() >= MOST_WAITING) {
            throw new EngineOverloadedException(waiting.size() + " transcripts are waiting; there is room for no more");
        }
        waiting.add(task);
    }

    synchronized boolean idle() {
        return current == null && waiting.isEmpty();
    }

    private synchronized boolean next() {
        if (current == null) {
            current = waiting.poll();
            done = 0;
        }
        return current != null;
    }

    /** Computes up to {@code budget} tokens. */
    void advance(int budget) {
        if (!next()) {
            return;
        }
        ScoringTask task = current;
        try {
            if (task.cancelled() || compute(task, budget)) {
                leave();
                task.finished();
            }
        } catch (ModelException | RuntimeException e) {
            leave();
            task.failed(e);
        }
    }

    /** @return whether the task is done */
    private boolean compute(ScoringTask task, int budget) throws ModelException {
        int last = task.tokens().length - 1;
        int to = Math.min(last, done + Math.max(1, budget));
        int first = Math.max(done, task.firstRow());
        if (first < to) {
            to = Math.min(to, first + runner.scoringRows());
        }
        if (!memory.reserve(runner.scoringSlot(), to)) {
            return false;
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
        return done == last;
    }

    private void leave() {
        memory.release(runner.scoringSlot());
        synchronized (this) {
            current = null;
        }
    }

    /** Ends all. */
    void end(Exception failure) {
        List<ScoringTask> ended = new ArrayList<>();
        synchronized (this) {
            over = true;
            if (current != null) {
                ended.add(current);
            }
            ended.addAll(waiting);
            waiting.clear();
            current = null;
        }
        ended.forEach(task -> task.failed(failure));
    }
}
