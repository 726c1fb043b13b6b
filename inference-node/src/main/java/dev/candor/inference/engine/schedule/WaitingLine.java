package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOverloadedException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** The sequences that wait for the engine's thread, first come, first served, and how far the engine is from its end. Thread-safe. */
final class WaitingLine {
    private final int capacity;
    private final Queue<Sequence> waiting = new ArrayDeque<>();
    private int running;
    private boolean closing;
    private boolean aborting;
    private boolean over;

    /** @param capacity sequences waiting and running at most */
    WaitingLine(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(Sequence sequence) throws EngineOverloadedException {
        if (closing || over) {
            throw new EngineOverloadedException(closing ? "the engine is closing" : "the engine has stopped after a failure");
        }
        if (running + waiting.size() >= capacity) {
            throw new EngineOverloadedException(
                    running + " sequences are running and " + waiting.size() + " waiting; there is room for no more");
        }
        waiting.add(sequence);
        notifyAll();
    }

    /** The next to run, or null. */
    synchronized Sequence next() {
        Sequence next = waiting.poll();
        if (next != null) {
            running++;
            next.start(this::ended);
        }
        return next;
    }

    private synchronized void ended() {
        running--;
    }

    /** Takes out those that were cancelled. */
    synchronized List<Sequence> takeCancelled() {
        List<Sequence> cancelled = waiting.stream().filter(Sequence::cancelled).toList();
        waiting.removeAll(cancelled);
        return cancelled;
    }

    /** Waits until there is something to do. @return false once the thread is to end */
    synchronized boolean awaitWork(BooleanSupplier idle) throws InterruptedException {
        while (waiting.isEmpty() && idle.getAsBoolean() && !closing) {
            wait();
        }
        return !aborting && !(closing && waiting.isEmpty() && idle.getAsBoolean());
    }

    /** Makes the thread look again. */
    synchronized void wake() {
        notifyAll();
    }

    /** Lets nobody in any more; those inside may finish. */
    synchronized void close() {
        closing = true;
        notifyAll();
    }

    /** Those inside may not finish either. */
    synchronized void abort() {
        aborting = true;
        notifyAll();
    }

    /** The thread ends. @return who was still waiting */
    synchronized List<Sequence> end() {
        over = true;
        List<Sequence> left = List.copyOf(waiting);
        waiting.clear();
        return left;
    }

    synchronized boolean open() {
        return !closing && !over;
    }

    synchronized int running() {
        return running;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
