package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The small inputs of a step and its logits: written in place, seen by tensors that are made once for each shape. */
final class StepBuffers implements AutoCloseable {
    /** The tensors of one shape of step; the total is shared. */
    record Step(OnnxTensor ids, OnnxTensor rows, OnnxTensor lengths, OnnxTensor total, OnnxTensor logits) {}

    private record Shape(int batch, int tokens) {}

    private final OrtEnvironment environment;
    private final int vocabulary;
    private final LongBuffer ids;
    private final LongBuffer rows;
    private final IntBuffer lengths;
    private final FloatBuffer logits;
    private final IntBuffer total;
    private final List<OnnxTensor> tensors = new ArrayList<>();
    private final Map<Shape, Step> steps = new HashMap<>();
    private final OnnxTensor totalTensor;

    /**
     * @param tokens most tokens of one run
     * @param slots  most sequences of one run
     */
    StepBuffers(OrtEnvironment environment, NativeMemory memory, int tokens, int slots, int vocabulary) throws OrtException {
        this.environment = environment;
        this.vocabulary = vocabulary;
        this.ids = bytes(memory, (long) tokens * Long.BYTES).asLongBuffer();
        this.rows = bytes(memory, (long) slots * Long.BYTES).asLongBuffer();
        this.lengths = bytes(memory, (long) slots * Integer.BYTES).asIntBuffer();
        this.total = bytes(memory, Integer.BYTES).asIntBuffer();
        this.logits = bytes(memory, (long) slots * vocabulary * Float.BYTES).asFloatBuffer();
        this.totalTensor = keep(OnnxTensor.createTensor(environment, total, new long[0]));
    }

    private static ByteBuffer bytes(NativeMemory memory, long size) {
        MemorySegment segment = memory.allocate(size);
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Tensors for a run of {@code batch} sequences of {@code tokens} tokens each, with one row of logits a sequence; made once. */
    Step step(int batch, int tokens) throws OrtException {
        Shape shape = new Shape(batch, tokens);
        Step known = steps.get(shape);
        if (known != null) {
            return known;
        }
        Step made = new Step(
                keep(OnnxTensor.createTensor(environment, ids.slice(0, batch * tokens), new long[] {batch, tokens})),
                keep(OnnxTensor.createTensor(environment, rows.slice(0, batch), new long[] {batch})),
                keep(OnnxTensor.createTensor(environment, lengths.slice(0, batch), new long[] {batch})),
                totalTensor,
                keep(OnnxTensor.createTensor(environment, logits.slice(0, batch * vocabulary), new long[] {batch, vocabulary})));
        steps.put(shape, made);
        return made;
    }

    private OnnxTensor keep(OnnxTensor tensor) {
        tensors.add(tensor);
        return tensor;
    }

    /** Writes the inputs of a prefill of one sequence that holds {@code from} tokens before. */
    void writePrefill(int[] tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            ids.put(i - from, tokens[i]);
        }
        rows.put(0, to - from - 1L);
        lengths.put(0, to - 1);
        total.put(0, to);
    }

    /** Writes the inputs of a decode, one token a sequence. */
    void writeDecode(DecodeStep step) {
        int longest = 0;
        for (int i = 0; i < step.batch(); i++) {
            int before = step.lengths()[i];
            ids.put(i, step.tokens()[i][0]);
            rows.put(i, i);
            lengths.put(i, before);
            longest = Math.max(longest, before + 1);
        }
        total.put(0, longest);
    }

    void readLogits(int row, float[] into) {
        logits.get(row * vocabulary, into, 0, vocabulary);
    }

    /** Frees the tensors; the memory belongs to its giver. */
    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
        tensors.clear();
        steps.clear();
    }
}
