package dev.candor.inference.engine.ort.device;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.ort.ffm.BoundTensor;
import dev.candor.inference.engine.ort.ffm.DeviceAllocator;
import dev.candor.inference.engine.ort.ffm.ElementKind;
import dev.candor.inference.engine.ort.ffm.IoBinding;
import dev.candor.inference.engine.ort.ffm.MemorySpan;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.OrtLibrary;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of all slots in the device's memory: for each layer and kind one block {@code [slots][kvHeads][length][headSize]}. A run
 * of consecutive slots is a tensor without copying, bound as the graph's past and as its present, which attention then writes in place.
 */
final class DeviceCache {
    private static final int BLOCK = 64;

    private final Device device;
    private final ElementKind kind;
    private final int layers;
    private final int kvHeads;
    private final int length;
    private final int headSize;
    private final List<MemorySpan> blocks = new ArrayList<>();

    /** Positions of each slot that may hold something else than zeros. */
    private final int[] used;

    /** @throws OrtCallException if the device has not enough memory */
    DeviceCache(Device device, DeviceAllocator allocator, ElementKind kind, ModelConfig model, int slots, int length) throws OrtCallException {
        this.device = device;
        this.kind = kind;
        this.layers = model.layers();
        this.kvHeads = model.kvHeads();
        this.length = padded(length);
        this.headSize = model.headSize();
        this.used = new int[slots];
        for (int i = 0; i < layers * DeviceGraph.kinds(); i++) {
            MemorySpan block = allocator.allocate(slots * slotBytes());
            device.clear(block);
            blocks.add(block);
        }
    }

    /** Bytes that a cache of these lengths takes. */
    static long bytes(ElementKind kind, ModelConfig model, int slots, int length) {
        return (long) model.layers() * DeviceGraph.kinds() * slots * model.kvHeads() * padded(length) * model.headSize() * kind.bytes();
    }

    // Attention that gives the same bits for any number of tokens wants whole blocks.
    private static int padded(int length) {
        return (length + BLOCK - 1) & -BLOCK;
    }

    void bind(OrtLibrary library, IoBinding binding, int first, int count) throws OrtCallException {
        for (int layer = 0; layer < layers; layer++) {
            for (int part = 0; part < DeviceGraph.kinds(); part++) {
                MemorySpan memory = blocks.get(layer * DeviceGraph.kinds() + part).slice(first * slotBytes(), count * slotBytes());
                try (BoundTensor tensor = library.tensor(memory, kind, count, kvHeads, length, headSize)) {
                    binding.input(DeviceGraph.past(layer, part), tensor).output(DeviceGraph.present(layer, part), tensor);
                }
            }
        }
    }

    /** Bytes of all slots. */
    long bytes() {
        return blocks.stream().mapToLong(MemorySpan::bytes).sum();
    }

    /** Bytes of one token in all layers. */
    long tokenBytes() {
        return blocks.size() * kvHeads * rowBytes();
    }

    /** Copies the first {@code tokens} positions of a slot to another. */
    void copy(int from, int to, int tokens) {
        touch(to, tokens);
        for (MemorySpan block : blocks) {
            device.copy(positions(block, to, 0), headBytes(), positions(block, from, 0), headBytes(), tokens * rowBytes(), kvHeads);
        }
    }

    /** Copies positions {@code from..to} of a slot out, block after block, head after head. */
    void save(int slot, int from, int to, MemorySegment into) {
        long width = (to - from) * rowBytes();
        for (int i = 0; i < blocks.size(); i++) {
            MemorySpan target = MemorySpan.of(into.asSlice(i * kvHeads * width, kvHeads * width));
            device.copy(target, width, positions(blocks.get(i), slot, from), headBytes(), width, kvHeads);
        }
        device.finish();
    }

    /** The reverse of {@link #save}. */
    void restore(int slot, int from, int to, MemorySegment source) {
        touch(slot, to);
        long width = (to - from) * rowBytes();
        for (int i = 0; i < blocks.size(); i++) {
            MemorySpan origin = MemorySpan.of(source.asSlice(i * kvHeads * width, kvHeads * width));
            device.copy(positions(blocks.get(i), slot, from), headBytes(), origin, width, width, kvHeads);
        }
        device.finish();
    }

    /** Notes that a run writes the first {@code tokens} positions of a slot. */
    void touch(int slot, int tokens) {
        used[slot] = Math.max(used[slot], tokens);
    }

    /** Makes everything behind the first {@code tokens} positions of a slot zeros. */
    void clear(int slot, int tokens) {
        if (tokens >= used[slot]) {
            return;
        }
        long bytes = (used[slot] - tokens) * rowBytes();
        for (MemorySpan block : blocks) {
            for (int head = 0; head < kvHeads; head++) {
                device.clear(block.slice(slot * slotBytes() + head * headBytes() + tokens * rowBytes(), bytes));
            }
        }
        used[slot] = tokens;
    }

    private MemorySpan positions(MemorySpan block, int slot, int from) {
        return block.slice(slot * slotBytes() + from * rowBytes(), slotBytes() - from * rowBytes());
    }

    private long rowBytes() {
        return (long) headSize * kind.bytes();
    }

    private long headBytes() {
        return length * rowBytes();
    }

    private long slotBytes() {
        return kvHeads * headBytes();
    }
}
