package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Which sequence is in which slot. Those that decode have the lowest slots, without a gap between steps, since one run takes neighbours
 * only; prompts are computed in staging slots above, and moved down. Not thread-safe.
 */
final class SlotTable {
    private static final Comparator<Sequence> LATEST_OF_LOWEST =
            Comparator.comparing(Sequence::priority).thenComparingLong(Sequence::order);

    private final KvMemory memory;
    private final Consumer<Sequence> putBack;
    private final Sequence[] slots;
    private final int places;
    private int decoding;

    /** @param putBack takes the sequences that have to make room for others */
    SlotTable(ModelRunner runner, KvMemory memory, Consumer<Sequence> putBack) {
        this.memory = memory;
        this.putBack = putBack;
        this.places = runner.info().slots();
        this.slots = new Sequence[places + runner.stagingSlots()];
    }

    /** Sequences that decode. */
    int decoding() {
        return decoding;
    }

    Sequence at(int slot) {
        return slots[slot];
    }

    List<Sequence> staged() {
        return inSlots(places, slots.length);
    }

    /** Everyone, those that decode first. */
    List<Sequence> all() {
        return inSlots(0, slots.length);
    }

    private List<Sequence> inSlots(int from, int to) {
        List<Sequence> found = new ArrayList<>();
        for (int slot = from; slot < to; slot++) {
            if (slots[slot] != null) {
                found.add(slots[slot]);
            }
        }
        return found;
    }

    boolean placeFree() {
        return decoding + staged().size() < places;
    }

    int stagingFree() {
        return slots.length - places - staged().size();
    }

    /** Puts a sequence into a free staging slot. */
    void stage(Sequence sequence) {
        int slot = places;
        while (slots[slot] != null) {
            slot++;
        }
        place(sequence, slot);
    }

    /** Moves a staged sequence to those that decode. @return false if there is no memory for it yet */
    boolean join(Sequence sequence) {
        if (!memory.move(sequence.kv().slot(), decoding, sequence.kv().computed())) {
            return false;
        }
        leave(sequence);
        place(sequence, decoding++);
        return true;
    }

    private void place(Sequence sequence, int slot) {
        slots[slot] = sequence;
        sequence.kv().moveTo(slot);
    }

    /** Takes a sequence out; among those that decode this leaves a gap until {@link #close()}. */
    void leave(Sequence sequence) {
        slots[sequence.kv().slot()] = null;
        memory.release(sequence.kv().slot());
    }

    /**
     * Makes room for a sequence's first {@code tokens}, in its slot, at the cost of those that came later or matter less.
     *
     * @return false if it is itself the one that has to go; it is still in its slot
     */
    boolean grow(Sequence sequence, int tokens) {
        while (!memory.reserve(sequence.kv().slot(), tokens)) {
            Sequence last = all().stream().max(LATEST_OF_LOWEST).orElseThrow();
            if (last == sequence) {
                return false;
            }
            putBack(last);
        }
        return true;
    }

    /** As {@link #grow}, but at nobody's cost. */
    boolean growIfFree(Sequence sequence, int tokens) {
        return memory.reserveFree(sequence.kv().slot(), tokens);
    }

    /** Takes a sequence out, to be resumed. */
    void putBack(Sequence sequence) {
        leave(sequence);
        sequence.kv().lost();
        putBack.accept(sequence);
    }

    /** Puts the latest batch sequence of those that {@code may} go back, for one that somebody waits for. @return false if there is none */
    boolean putBackBatch(Predicate<Sequence> may) {
        var last = all().stream()
                .filter(sequence -> sequence.priority() == Priority.BATCH).filter(may).max(LATEST_OF_LOWEST);
        last.ifPresent(sequence -> {
            sequence.kv().giveWay();
            putBack(sequence);
        });
        return last.isPresent();
    }

    /** Closes the gaps among those that decode, each with the last of them. */
    void close() {
        while (true) {
            while (decoding > 0 && slots[decoding - 1] == null) {
                decoding--;
            }
            int gap = 0;
            while (gap < decoding && slots[gap] != null) {
                gap++;
            }
            if (gap == decoding) {
                return;
            }
            fill(gap, slots[decoding - 1]);
        }
    }

    private void fill(int gap, Sequence last) {
        while (!memory.move(last.kv().slot(), gap, last.kv().computed())) {
            Optional<Sequence> victim = all().stream().filter(other -> other != last).max(LATEST_OF_LOWEST);
            putBack(victim.orElse(last));
            if (victim.isEmpty()) {
                return;
            }
        }
        leave(last);
        place(last, gap);
    }
}
