package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of sequences in caches of one length: for each layer and kind one buffer {@code float[rows][kvHeads][length][headSize]}. A run of
 * consecutive rows is a tensor without copying, and the same tensor serves as the graph's past and, pinned, as its present. Memory is taken from the
 * system as it is written, and reads as zeros before.
 */
final class KvPool implements AutoCloseable {
    /** A layer's two buffers in their order. */
    private static final List<String> KINDS = List.of("key", "value");

    /** Java's buffers are indexed by int. */
    private static final long MAX_BUFFER = Integer.MAX_VALUE;

    /** The C library maps what is larger than 32 MB, and unmaps it when it is freed; smaller blocks it keeps for reuse, and has to clear. */
    private static final long LEAST_BUFFER = 33L << 20;

    /** The tensors of a run of rows, by graph input and by graph output. */
    record Binding(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    private record Range(int first, int count) {}

    private final OrtEnvironment environment;
    private final KvShape shape;
    private final int length;
    private final int[] slots;
    private final NativeMemory memory = new NativeMemory();
    private final List<MemorySegment> buffers = new ArrayList<>();
    private final Map<Range, Binding> bindings = new HashMap<>();
    private int rows;

    /**
     * @param length a multiple of {@link KvShape#STEP}
     * @throws OutOfMemoryError if the system has no room
     */
    KvPool(OrtEnvironment environment, KvShape shape, int capacity, int length) {
        this.environment = environment;
        this.shape = shape;
        this.length = length;
        this.slots = new int[(int) Math.max(1, Math.min(capacity, MAX_BUFFER / slotBytes()))];
        try {
            for (int i = 0; i < shape.buffers(); i++) {
                buffers.add(memory.allocate(Math.max(LEAST_BUFFER, slots.length * slotBytes())));
            }
        } catch (OutOfMemoryError e) {
            memory.close();
            throw e;
        }
    }

    static String pastName(int layer, int kind) {
        return "past_key_values." + layer + "." + KINDS.get(kind);
    }

    static String presentName(int layer, int kind) {
        return "present." + layer + "." + KINDS.get(kind);
    }

    int length() {
        return length;
    }

    int rows() {
        return rows;
    }

    boolean full() {
        return rows == slots.length;
    }

    /** Whose row it is. */
    int slotAt(int row) {
        return slots[row];
    }

    /** Takes a row for {@code slot}; what is in it is finite. */
    int add(int slot) {
        slots[rows] = slot;
        return rows++;
    }

    /** A row goes by another name. */
    void rename(int row, int slot) {
        slots[row] = slot;
    }

    /**
     * Gives a row up and fills its place with the last one.
     *
     * @param written     tokens that may have been written in the row that goes
     * @param lastWritten the same of the last row
     * @param tainted     whether some of what goes is not finite
     */
    void remove(int row, int written, int lastWritten, boolean tainted) {
        int last = --rows;
        if (tainted) {
            clear(row, 0, written);
        }
        if (row != last) {
            moveRow(row, this, last, lastWritten);
            slots[row] = slots[last];
        }
        giveBack(row, row == last ? 0 : lastWritten, written);
    }

    /** Takes the first {@code tokens} of a row of another pool, or of this one, whose memory goes back at once. */
    void moveRow(int row, KvPool from, int fromRow, int tokens) {
        for (int i = 0; i < buffers.size(); i++) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                MemorySegment source = from.part(i, fromRow, head, 0, tokens);
                part(i, row, head, 0, tokens).copyFrom(source);
                from.memory.giveBack(source);
            }
        }
    }

    /** Copies the first {@code tokens} of a row of another pool. */
    void copyRow(int row, KvPool from, int fromRow, int tokens) {
        for (int i = 0; i < buffers.size(); i++) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                part(i, row, head, 0, tokens).copyFrom(from.part(i, fromRow, head, 0, tokens));
            }
        }
    }

    /** Makes positions {@code from..to} of a row zero. */
    void clear(int row, int from, int to) {
        for (int i = 0; i < buffers.size() && from < to; i++) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                part(i, row, head, from, to).fill((byte) 0);
            }
        }
    }

    /** Gives the memory of positions {@code from..to} of a row back. */
    void giveBack(int row, int from, int to) {
        for (int i = 0; i < buffers.size() && from < to; i++) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                memory.giveBack(part(i, row, head, from, to));
            }
        }
    }

    /** Copies positions {@code from..to} of a row out, buffer after buffer, head after head. */
    void save(int row, int from, int to, MemorySegment into) {
        long at = 0;
        for (int i = 0; i < buffers.size(); i++) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                MemorySegment part = part(i, row, head, from, to);
                MemorySegment.copy(part, 0, into, at, part.byteSize());
                at += part.byteSize();
            }
        }
    }

    /** The reverse of {@link #save}. */
    void restore(int row, int from, int to, MemorySegment source) {
        long at = 0;
        for (int i = 0; i < buffers.size(); i++) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                MemorySegment part = part(i, row, head, from, to);
                MemorySegment.copy(source, at, part, 0, part.byteSize());
                at += part.byteSize();
            }
        }
    }

    private MemorySegment part(int buffer, int row, int head, int from, int to) {
        long start = ((long) row * shape.kvHeads() + head) * length * shape.rowBytes();
        return buffers.get(buffer).asSlice(start + from * shape.rowBytes(), (to - from) * shape.rowBytes());
    }

    private long slotBytes() {
        return (long) shape.kvHeads() * length * shape.rowBytes();
    }

    /** The tensors {@code [count, kvHeads, length, headSize]} of {@code count} rows from {@code first} on; made once. */
    Binding bind(int first, int count) throws OrtException {
        Range range = new Range(first, count);
        Binding known = bindings.get(range);
        if (known != null) {
            return known;
        }
        Binding made = new Binding(new LinkedHashMap<>(), new LinkedHashMap<>());
        bindings.put(range, made);
        long[] dimensions = {count, shape.kvHeads(), length, shape.headSize()};
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int kind = 0; kind < KINDS.size(); kind++) {
                MemorySegment part = buffers.get(layer * KINDS.size() + kind).asSlice(first * slotBytes(), count * slotBytes());
                OnnxTensor tensor = OnnxTensor.createTensor(
                        environment, part.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(), dimensions);
                made.past().put(pastName(layer, kind), tensor);
                made.present().put(presentName(layer, kind), tensor);
            }
        }
        return made;
    }

    /** Frees the tensors and the memory; no run may use them any more. */
    @Override
    public void close() {
        bindings.values().forEach(binding -> binding.past().values().forEach(OnnxTensor::close));
        bindings.clear();
        memory.close();
    }
}
