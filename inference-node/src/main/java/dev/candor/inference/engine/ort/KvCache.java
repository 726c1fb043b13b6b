package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of all slots: for each layer and kind one buffer {@code float[slots][kvHeads][length][headSize]}. A run of consecutive
 * slots is a tensor without copying, and the same tensor serves as the graph's past and, pinned, as its present.
 */
final class KvCache implements AutoCloseable {
    /** A layer's two tensors in the order of {@link #tensors}. */
    private static final List<String> KINDS = List.of("key", "value");

    /** Java's buffers are indexed by int. */
    private static final long MAX_BUFFER = Integer.MAX_VALUE;

    /** The tensors of one run of slots, by graph input and by graph output. */
    record Binding(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    private record Range(int first, int count) {}

    private final OrtEnvironment environment;
    private final NativeMemory memory;
    private final int staging;
    private final int layers;
    private final int kvHeads;
    private final int length;
    private final int headSize;
    private final long slotBytes;
    private final List<MemorySegment> buffers = new ArrayList<>();
    private final Map<Range, Binding> bindings = new HashMap<>();

    /** @param staging slots behind the {@code slots} that decode */
    KvCache(OrtEnvironment environment, NativeMemory memory, ModelConfig model, int slots, int staging, int length) {
        this.environment = environment;
        this.memory = memory;
        this.staging = staging;
        this.layers = model.layers();
        this.kvHeads = model.kvHeads();
        this.length = length;
        this.headSize = model.headSize();
        this.slotBytes = (long) kvHeads * length * headSize * Float.BYTES;
        long bytes = slotBytes * (slots + staging);
        if (bytes > MAX_BUFFER) {
            throw new IllegalArgumentException("the KV cache needs " + bytes + " bytes for each layer, more than "
                    + MAX_BUFFER + ": use fewer slots or a shorter context");
        }
        for (int i = 0; i < layers * KINDS.size(); i++) {
            buffers.add(memory.allocate(bytes));
        }
    }

    static String pastName(int layer, int kind) {
        return "past_key_values." + layer + "." + KINDS.get(kind);
    }

    static String presentName(int layer, int kind) {
        return "present." + layer + "." + KINDS.get(kind);
    }

    /** The tensors {@code [count, kvHeads, length, headSize]} of {@code count} slots from {@code first} on; made once. */
    Binding bind(int first, int count) throws OrtException {
        Range range = new Range(first, count);
        Binding known = bindings.get(range);
        if (known != null) {
            return known;
        }
        Binding made = new Binding(new LinkedHashMap<>(), new LinkedHashMap<>());
        bindings.put(range, made);
        long[] shape = {count, kvHeads, length, headSize};
        for (int layer = 0; layer < layers; layer++) {
            for (int kind = 0; kind < KINDS.size(); kind++) {
                OnnxTensor tensor = OnnxTensor.createTensor(environment, floats(layer, kind, first, count), shape);
                made.past().put(pastName(layer, kind), tensor);
                made.present().put(presentName(layer, kind), tensor);
            }
        }
        return made;
    }

    private FloatBuffer floats(int layer, int kind, int first, int count) {
        return buffers.get(layer * KINDS.size() + kind)
                .asSlice(first * slotBytes, count * slotBytes)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Copies the first {@code tokens} positions of a slot to another. */
    void copy(int from, int to, int tokens) {
        long headBytes = slotBytes / kvHeads;
        long used = (long) tokens * headSize * Float.BYTES;
        for (MemorySegment buffer : buffers) {
            for (int head = 0; head < kvHeads; head++) {
                MemorySegment.copy(buffer, from * slotBytes + head * headBytes, buffer, to * slotBytes + head * headBytes, used);
            }
        }
    }

    int stagingSlots() {
        return staging;
    }

    /** Bytes of one token in all layers. */
    long tokenBytes() {
        return (long) buffers.size() * kvHeads * rowBytes();
    }

    private long rowBytes() {
        return (long) headSize * Float.BYTES;
    }

    /** Where a head's rows of a slot begin. */
    private long start(int slot, int head) {
        return slot * slotBytes + head * (slotBytes / kvHeads);
    }

    /** Copies positions {@code from..to} of a slot out, buffer after buffer, head after head. */
    void save(int slot, int from, int to, MemorySegment into) {
        long part = (to - from) * rowBytes();
        long at = 0;
        for (MemorySegment buffer : buffers) {
            for (int head = 0; head < kvHeads; head++) {
                MemorySegment.copy(buffer, start(slot, head) + from * rowBytes(), into, at, part);
                at += part;
            }
        }
    }

    /** The reverse of {@link #save}. */
    void restore(int slot, int from, int to, MemorySegment source) {
        long part = (to - from) * rowBytes();
        long at = 0;
        for (MemorySegment buffer : buffers) {
            for (int head = 0; head < kvHeads; head++) {
                MemorySegment.copy(source, at, buffer, start(slot, head) + from * rowBytes(), part);
                at += part;
            }
        }
    }

    /** Gives the pages behind the first {@code tokens} positions of a slot back; they read as zeros afterwards. */
    void trim(int slot, int tokens) {
        for (MemorySegment buffer : buffers) {
            for (int head = 0; head < kvHeads; head++) {
                memory.giveBack(buffer.asSlice(start(slot, head) + tokens * rowBytes(), (length - tokens) * rowBytes()));
            }
        }
    }

    /** Frees the tensors; the memory belongs to its giver. */
    @Override
    public void close() {
        bindings.values().forEach(binding -> binding.past().values().forEach(OnnxTensor::close));
        bindings.clear();
    }
}
