package dev.candor.inference.engine.ort;

import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of an exported decoder. Each slot's tokens lie in a store {@code [slots][heads][length][size]} from position 0 on. A run reads its past out
 * of one of two batch buffers and writes past and new tokens together into the other, which is the next run's past while the same sequences go on; only
 * when they change is the store brought up to date.
 */
final class ExportedKv {
    private final ExportedLayout layout;
    private final NativeMemory memory;
    private final int length;
    private final long slotBytes;
    private final List<MemorySegment> store = new ArrayList<>();
    private final List<List<MemorySegment>> batches = List.of(new ArrayList<>(), new ArrayList<>());

    /** @param slots all of them; @param batch most of one run */
    ExportedKv(ExportedLayout layout, NativeMemory memory, int slots, int batch, int length) {
        this.layout = layout;
        this.memory = memory;
        this.length = length;
        this.slotBytes = (long) layout.kvHeads() * length * layout.rowBytes();
        if (slotBytes * batch > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the KV cache needs " + slotBytes * batch + " bytes for each layer, more than " + Integer.MAX_VALUE
                    + ": use fewer slots or a shorter context");
        }
        for (int i = 0; i < layout.past().size(); i++) {
            store.add(memory.allocate(slotBytes * slots));
            batches.get(0).add(memory.allocate(slotBytes * batch));
            batches.get(1).add(memory.allocate(slotBytes * batch));
        }
    }

    /** Bytes of one token in all layers. */
    long tokenBytes() {
        return (long) store.size() * layout.kvHeads() * layout.rowBytes();
    }

    /** Bytes of a batch buffer's tensor {@code [batch, heads, tokens, size]}. */
    long batchBytes(int batch, int tokens) {
        return (long) batch * layout.kvHeads() * tokens * layout.rowBytes();
    }

    MemorySegment batch(int side, int tensor) {
        return batches.get(side).get(tensor);
    }

    /** Where row {@code i}'s tokens begin in a batch of sequences whose longest has {@code longest}. */
    int offset(int tokens, int longest) {
        return layout.leftPad() ? longest - tokens : 0;
    }

    /** Copies the first {@code tokens} positions of a slot to row {@code row} of a batch of {@code longest} positions; what lies beside them is zero. */
    void gather(int slot, int tokens, int side, int row, int longest) {
        int offset = offset(tokens, longest);
        for (int tensor = 0; tensor < store.size(); tensor++) {
            MemorySegment into = batch(side, tensor);
            for (int head = 0; head < layout.kvHeads(); head++) {
                long at = batchRow(row, head, longest);
                into.asSlice(at, bytes(offset)).fill((byte) 0);
                MemorySegment.copy(store.get(tensor), storeRow(slot, head), into, at + bytes(offset), bytes(tokens));
                into.asSlice(at + bytes(offset + tokens), bytes(longest - offset - tokens)).fill((byte) 0);
            }
        }
    }

    /** Copies positions {@code from..to} of a sequence out of a row of a batch of {@code positions}, in which it starts at {@code offset}. */
    void scatter(int side, int row, int positions, int offset, int slot, int from, int to) {
        for (int tensor = 0; tensor < store.size(); tensor++) {
            for (int head = 0; head < layout.kvHeads(); head++) {
                MemorySegment.copy(batch(side, tensor), batchRow(row, head, positions) + bytes(offset + from),
                        store.get(tensor), storeRow(slot, head) + bytes(from), bytes(to - from));
            }
        }
    }

    void copy(int from, int to, int tokens) {
        for (MemorySegment tensor : store) {
            for (int head = 0; head < layout.kvHeads(); head++) {
                MemorySegment.copy(tensor, storeRow(from, head), tensor, storeRow(to, head), bytes(tokens));
            }
        }
    }

    void save(int slot, int from, int to, MemorySegment into) {
        long at = 0;
        for (MemorySegment tensor : store) {
            for (int head = 0; head < layout.kvHeads(); head++) {
                MemorySegment.copy(tensor, storeRow(slot, head) + bytes(from), into, at, bytes(to - from));
                at += bytes(to - from);
            }
        }
    }

    void restore(int slot, int from, int to, MemorySegment source) {
        long at = 0;
        for (MemorySegment tensor : store) {
            for (int head = 0; head < layout.kvHeads(); head++) {
                MemorySegment.copy(source, at, tensor, storeRow(slot, head) + bytes(from), bytes(to - from));
                at += bytes(to - from);
            }
        }
    }

    /** Nothing of what lies behind the first {@code tokens} positions is ever read; its pages go back to the system. */
    void trim(int slot, int tokens) {
        for (MemorySegment tensor : store) {
            for (int head = 0; head < layout.kvHeads(); head++) {
                memory.giveBack(tensor.asSlice(storeRow(slot, head) + bytes(tokens), bytes(length - tokens)));
            }
        }
    }

    private long bytes(int tokens) {
        return (long) tokens * layout.rowBytes();
    }

    private long storeRow(int slot, int head) {
        return slot * slotBytes + head * bytes(length);
    }

    private long batchRow(int row, int head, int positions) {
        return ((long) row * layout.kvHeads() + head) * bytes(positions);
    }
}
