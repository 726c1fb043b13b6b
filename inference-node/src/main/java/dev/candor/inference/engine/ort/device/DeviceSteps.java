package dev.candor.inference.engine.ort.device;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ort.ffm.BoundTensor;
import dev.candor.inference.engine.ort.ffm.DeviceAllocator;
import dev.candor.inference.engine.ort.ffm.ElementKind;
import dev.candor.inference.engine.ort.ffm.IoBinding;
import dev.candor.inference.engine.ort.ffm.MemoryPlace;
import dev.candor.inference.engine.ort.ffm.MemorySpan;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.OrtLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The small inputs of a run and its logits, at addresses that never change. Inputs are written in the host's memory and copied over
 * together; logits are copied back when they are first asked for.
 */
final class DeviceSteps {
    private static final long ALIGNMENT = 256;

    private final Device device;
    private final DeviceGraph graph;
    private final int vocabulary;
    private final long lengthsAt;
    private final long totalAt;
    private final long idsAt;
    private final MemorySpan hostInputs;
    private final MemorySpan deviceInputs;
    private final MemorySpan hostLogits;
    private final MemorySpan deviceLogits;
    private int rows;
    private boolean fetched;

    /**
     * @param tokens most tokens of one run
     * @param slots  most sequences of one run
     */
    DeviceSteps(Device device, DeviceAllocator allocator, DeviceGraph graph, int tokens, int slots, int vocabulary) throws OrtCallException {
        this.device = device;
        this.graph = graph;
        this.vocabulary = vocabulary;
        this.lengthsAt = align((long) slots * Long.BYTES);
        this.totalAt = lengthsAt + align((long) slots * Integer.BYTES);
        this.idsAt = totalAt + ALIGNMENT;
        this.hostInputs = MemorySpan.of(device.hostBuffer(idsAt + (long) tokens * Long.BYTES));
        this.hostLogits = MemorySpan.of(device.hostBuffer((long) slots * rowBytes()));
        boolean host = device.place().equals(MemoryPlace.HOST);
        this.deviceInputs = host ? hostInputs : allocator.allocate(hostInputs.bytes());
        this.deviceLogits = host ? hostLogits : allocator.allocate(hostLogits.bytes());
    }

    private static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    private long rowBytes() {
        return (long) vocabulary * graph.logitsKind().bytes();
    }

    /** Binds inputs and logits of a run of {@code batch} sequences of {@code tokens} tokens each, with one row of logits a sequence. */
    void bind(OrtLibrary library, IoBinding binding, int batch, int tokens) throws OrtCallException {
        input(library, binding, DeviceGraph.OUT_ROWS, ElementKind.INT64, 0, batch);
        input(library, binding, DeviceGraph.SEQLENS, ElementKind.INT32, lengthsAt, batch);
        input(library, binding, DeviceGraph.TOTAL, ElementKind.INT32, totalAt);
        if (graph.exact()) {
            input(library, binding, DeviceGraph.EXACT_STEP, ElementKind.BOOL, totalAt + Integer.BYTES);
        }
        input(library, binding, DeviceGraph.INPUT_IDS, ElementKind.INT64, idsAt, batch, tokens);
        try (BoundTensor tensor = library.tensor(deviceLogits.slice(0, batch * rowBytes()), graph.logitsKind(), batch, vocabulary)) {
            binding.output(DeviceGraph.LOGITS, tensor);
        }
    }

    private void input(OrtLibrary library, IoBinding binding, String name, ElementKind kind, long at, long... shape) throws OrtCallException {
        long bytes = kind.bytes();
        for (long length : shape) {
            bytes *= length;
        }
        MemorySpan memory = graph.inputs().get(name).onDevice() ? deviceInputs : hostInputs;
        try (BoundTensor tensor = library.tensor(memory.slice(at, bytes), kind, shape)) {
            binding.input(name, tensor);
        }
    }

    /** Writes the inputs of a prefill of one sequence that holds {@code from} tokens before. */
    void writePrefill(int[] tokens, int from, int to) {
        MemorySegment inputs = writable();
        inputs.set(ValueLayout.JAVA_LONG, 0, to - from - 1L);
        inputs.set(ValueLayout.JAVA_INT, lengthsAt, to - 1);
        inputs.set(ValueLayout.JAVA_INT, totalAt, to);
        inputs.set(ValueLayout.JAVA_BOOLEAN, totalAt + Integer.BYTES, to - from == 1);
        for (int i = from; i < to; i++) {
            inputs.set(ValueLayout.JAVA_LONG, idsAt + (long) (i - from) * Long.BYTES, tokens[i]);
        }
        upload(1, to - from);
    }

    /** Writes the inputs of a decode. @param total tokens that attention must at least look at; a recorded run keeps the first it saw */
    void writeDecode(DecodeStep step, int total) {
        MemorySegment inputs = writable();
        for (int i = 0; i < step.batch(); i++) {
            inputs.set(ValueLayout.JAVA_LONG, (long) i * Long.BYTES, i);
            inputs.set(ValueLayout.JAVA_INT, lengthsAt + (long) i * Integer.BYTES, step.lengths()[i]);
            inputs.set(ValueLayout.JAVA_LONG, idsAt + (long) i * Long.BYTES, step.tokens()[i][0]);
        }
        inputs.set(ValueLayout.JAVA_INT, totalAt, total);
        inputs.set(ValueLayout.JAVA_BOOLEAN, totalAt + Integer.BYTES, true);
        upload(step.batch(), step.batch());
    }

    // What was written last may not have been copied over yet.
    private MemorySegment writable() {
        device.finish();
        return hostInputs.host();
    }

    private void upload(int rowCount, int tokens) {
        rows = rowCount;
        fetched = false;
        if (!deviceInputs.equals(hostInputs)) {
            long bytes = idsAt + (long) tokens * Long.BYTES;
            device.copy(deviceInputs, bytes, hostInputs, bytes, bytes, 1);
        }
    }

    /** @param into {@code vocabulary} long */
    void readLogits(int row, float[] into) {
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("the last run gave " + rows + " rows of logits; there is no row " + row);
        }
        if (!fetched) {
            if (!deviceLogits.equals(hostLogits)) {
                device.copy(hostLogits, rowBytes(), deviceLogits, rowBytes(), rowBytes(), rows);
            }
            device.finish();
            fetched = true;
        }
        MemorySegment logits = hostLogits.host().asSlice(row * rowBytes(), rowBytes());
        if (graph.logitsKind() == ElementKind.FLOAT) {
            MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, into, 0, vocabulary);
        } else {
            for (int i = 0; i < vocabulary; i++) {
                into[i] = Float.float16ToFloat(logits.getAtIndex(ValueLayout.JAVA_SHORT, i));
            }
        }
    }
}
