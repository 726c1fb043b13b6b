package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The sequences that wait for the engine's thread, and how far the engine is from its end. Interactive ones go before batch ones, but for
 * each {@value #BATCH_EVERY}th; among those of a class the client served least goes first; and those of a client in the order they came.
 * Thread-safe; only the engine's thread takes out.
 */
final class WaitingRoom {
    private static final int BATCH_EVERY = 8;

    private final int capacity;
    private final FairShare share = new FairShare();
    private final Map<Priority, Map<String, TreeMap<Long, Sequence>>> waiting = new EnumMap<>(Priority.class);
    private long arrivals;
    private int inside;
    private int count;
    private int interactiveInRow;
    private boolean closing;
    private boolean aborting;
    private boolean over;

    /** @param capacity sequences waiting and running at most */
    WaitingRoom(int capacity) {
        this.capacity = capacity;
        for (Priority priority : Priority.values()) {
            waiting.put(priority, new HashMap<>());
        }
    }

    synchronized void add(Sequence sequence) throws EngineOverloadedException {
        if (closing || over) {
            throw new EngineOverloadedException(closing ? "the engine is closing" : "the engine has stopped after a failure");
        }
        if (inside >= capacity) {
            throw new EngineOverloadedException(
                    inside - count + " sequences are running and " + count + " waiting; there is room for no more");
        }
        inside++;
        share.arrived(sequence.client());
        sequence.arrived(arrivals++, () -> ended(sequence));
        put(sequence);
        notifyAll();
    }

    private synchronized void ended(Sequence sequence) {
        inside--;
        share.ended(sequence.client());
    }

    /** Takes a sequence back that was taken out; it has its old place in the order. */
    synchronized void putBack(Sequence sequence) {
        put(sequence);
    }

    private void put(Sequence sequence) {
        waiting.get(sequence.priority()).computeIfAbsent(sequence.client(), key -> new TreeMap<>()).put(sequence.order(), sequence);
        count++;
    }

    /** Who is next of those that {@code may} come; it stays until it is {@link #take taken}. */
    synchronized Optional<Sequence> next(Predicate<Sequence> may) {
        boolean batchFirst = interactiveInRow >= BATCH_EVERY - 1;
        Optional<Sequence> first = next(batchFirst ? Priority.BATCH : Priority.INTERACTIVE, may);
        return first.isPresent() ? first : next(batchFirst ? Priority.INTERACTIVE : Priority.BATCH, may);
    }

    private Optional<Sequence> next(Priority priority, Predicate<Sequence> may) {
        return waiting.get(priority).values().stream()
                .flatMap(line -> line.values().stream().filter(may).limit(1))
                .min(Comparator.comparingLong((Sequence sequence) -> share.served(sequence.client())).thenComparingLong(Sequence::order));
    }

    synchronized void take(Sequence sequence) {
        remove(sequence);
        interactiveInRow = sequence.priority() == Priority.BATCH ? 0 : interactiveInRow + 1;
    }

    private void remove(Sequence sequence) {
        Map<String, TreeMap<Long, Sequence>> clients = waiting.get(sequence.priority());
        TreeMap<Long, Sequence> line = clients.get(sequence.client());
        line.remove(sequence.order());
        count--;
        if (line.isEmpty()) {
            clients.remove(sequence.client());
        }
    }

    /** Puts work done for a client on its account. */
    synchronized void served(String client, int promptTokens, int generatedTokens) {
        share.prompted(client, promptTokens);
        share.generated(client, generatedTokens);
    }

    /** Takes out those that {@code go}. */
    synchronized List<Sequence> takeAll(Predicate<Sequence> go) {
        List<Sequence> going = new ArrayList<>();
        waiting.values().forEach(clients -> clients.values().forEach(line -> line.values().stream().filter(go).forEach(going::add)));
        going.forEach(this::remove);
        return going;
    }

    /** How many of those that wait are {@code so}. */
    synchronized int count(Predicate<Sequence> so) {
        return (int) waiting.values().stream()
                .flatMap(clients -> clients.values().stream()).flatMap(line -> line.values().stream()).filter(so).count();
    }

    /** Waits until there is something to do. @return false once the thread is to end */
    synchronized boolean awaitWork(BooleanSupplier idle) throws InterruptedException {
        while (count == 0 && idle.getAsBoolean() && !closing) {
            wait();
        }
        return !aborting && !(closing && count == 0 && idle.getAsBoolean());
    }

    /** Waits so long for {@link #awaitWork} to have an answer. @return false if it has none yet */
    synchronized boolean awaitWork(BooleanSupplier idle, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (count == 0 && idle.getAsBoolean() && !closing) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
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
        return takeAll(sequence -> true);
    }

    synchronized boolean open() {
        return !closing && !over;
    }

    synchronized int running() {
        return inside - count;
    }

    synchronized int waiting() {
        return count;
    }
}
