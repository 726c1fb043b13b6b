package dev.candor.inference.engine.tensor;

import dev.candor.inference.engine.schedule.FairShare;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that wait, shared out so that each client gets as much of the engine's time as another; those of a client go in the order they came.
 * Not thread-safe.
 */
final class RunLine {
    private final FairShare share = new FairShare();
    private final Map<String, Deque<PendingRun>> waiting = new HashMap<>();
    private long arrivals;
    private int size;

    void add(PendingRun run) {
        share.arrived(run.client());
        run.arrived(arrivals++);
        waiting.computeIfAbsent(run.client(), key -> new ArrayDeque<>()).add(run);
        size++;
    }

    int size() {
        return size;
    }

    /** How many of a client's wait. */
    int size(String client) {
        Deque<PendingRun> runs = waiting.get(client);
        return runs == null ? 0 : runs.size();
    }

    /** Takes the next one out; its client is there until it has {@link #ended}. */
    Optional<PendingRun> take() {
        Optional<PendingRun> next = waiting.values().stream().map(Deque::getFirst)
                .min(Comparator.comparingLong((PendingRun run) -> share.served(run.client())).thenComparingLong(PendingRun::order));
        next.ifPresent(this::drop);
        return next;
    }

    /** One that was taken has ended. @param nanos of the engine's time that it took */
    void ended(PendingRun run, long nanos) {
        share.spent(run.client(), nanos);
        share.ended(run.client());
    }

    /** Takes out one that is not wanted any more, if it waits. */
    void leave(PendingRun run) {
        if (drop(run)) {
            share.ended(run.client());
        }
    }

    private boolean drop(PendingRun run) {
        Deque<PendingRun> runs = waiting.get(run.client());
        if (runs == null || !runs.remove(run)) {
            return false;
        }
        if (runs.isEmpty()) {
            waiting.remove(run.client());
        }
        size--;
        return true;
    }

    /** All that wait. */
    List<PendingRun> all() {
        return waiting.values().stream().flatMap(Deque::stream).toList();
    }
}
