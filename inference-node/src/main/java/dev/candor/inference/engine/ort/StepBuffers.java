package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
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

/** The small inputs of a run and its logits: written in place, seen by tensors that are made once for each shape. */
final class StepBuffers implements AutoCloseable {
    private static final int MOST_SHAPES = 4096;

    /**
     * What a run computes.
     *
     * @param tokens      of each sequence
     * @param rows        rows of logits
     * @param firstLogits where among all rows of logits its own begin
     */
    record Shape(int batch, int tokens, int rows, int firstLogits) {}

    /** The tensors of a run. */
    record Step(OnnxTensor ids, OnnxTensor rows, OnnxTensor lengths, OnnxTensor total, OnnxTensor logits) {}

    private final OrtEnvironment environment;
    private final NativeMemory memory = new NativeMemory();
    private final int vocabulary;
    private final LongBuffer ids;
    private final LongBuffer rows;
    private final IntBuffer lengths;
    private final MemorySegment logitsMemory;
    private final FloatBuffer logits;
    private final IntBuffer total;
    private final Map<Shape, Step> steps = new HashMap<>();
    private final OnnxTensor totalTensor;

    /**
     * @param tokens     most tokens of one run, of all sequences together
     * @param batch      most sequences of one run
     * @param logitsRows most rows of logits at once
     */
    StepBuffers(OrtEnvironment environment, int tokens, int batch, int logitsRows, int vocabulary) throws OrtException {
        this.environment = environment;
        this.vocabulary = vocabulary;
        this.ids = bytes((long) tokens * Long.BYTES).asLongBuffer();
        this.rows = bytes((long) logitsRows * Long.BYTES).asLongBuffer();
        this.lengths = bytes((long) batch * Integer.BYTES).asIntBuffer();
        this.total = bytes(Integer.BYTES).asIntBuffer();
        this.logitsMemory = memory.allocate((long) logitsRows * vocabulary * Float.BYTES);
        this.logits = logitsMemory.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        this.totalTensor = OnnxTensor.createTensor(environment, total, new long[0]);
    }

    private ByteBuffer bytes(long size) {
        return memory.allocate(size).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** The tensors for a run of a shape. */
    Step step(Shape shape) throws OrtException {
        Step known = steps.get(shape);
        if (known != null) {
            return known;
        }
        if (steps.size() >= MOST_SHAPES) {
            forget();
        }
        long[] idShape = {shape.batch(), shape.tokens()};
        long[] logitsShape = {shape.rows(), vocabulary};
        FloatBuffer out = logits.slice(shape.firstLogits() * vocabulary, shape.rows() * vocabulary);
        List<OnnxTensor> made = new ArrayList<>();
        try {
            made.add(OnnxTensor.createTensor(environment, ids.slice(0, shape.batch() * shape.tokens()), idShape));
            made.add(OnnxTensor.createTensor(environment, rows.slice(0, shape.rows()), new long[] {shape.rows()}));
            made.add(OnnxTensor.createTensor(environment, lengths.slice(0, shape.batch()), new long[] {shape.batch()}));
            made.add(OnnxTensor.createTensor(environment, out, logitsShape));
        } catch (OrtException e) {
            made.forEach(OnnxTensor::close);
            throw e;
        }
        Step step = new Step(made.get(0), made.get(1), made.get(2), totalTensor, made.get(3));
        steps.put(shape, step);
        return step;
    }

    /** The sequence at {@code index} of the run gets {@code count} of {@code tokens} from {@code from} on, after {@code held} that it has. */
    void writeSequence(int index, int[] tokens, int from, int count, int held, int width) {
        for (int i = 0; i < width; i++) {
            ids.put(index * width + i, i < count ? tokens[from + i] : 0);
        }
        lengths.put(index, held + width - 1);
    }

    /** Row {@code row} of the run's logits is to be of the token at {@code position} of all tokens of the run. */
    void writeRow(int row, long position) {
        rows.put(row, position);
    }

    /** Tokens of the longest sequence of the run, new ones included. */
    void writeTotal(int tokens) {
        total.put(0, tokens);
    }

    /** Whether a row of logits is one of numbers: where a hidden value is none, all its logits are none. */
    boolean finite(int row) {
        return Float.isFinite(logits.get(row * vocabulary));
    }

    void readLogits(int row, float[] into) {
        logits.get(row * vocabulary, into, 0, vocabulary);
    }

    /** Gives the memory of the rows of logits from {@code firstRow} on back to the system; they are zero until they are written again. */
    void giveBackLogits(int firstRow) {
        long from = Math.min(logitsMemory.byteSize(), (long) firstRow * vocabulary * Float.BYTES);
        memory.giveBack(logitsMemory.asSlice(from));
    }

    private void forget() {
        for (Step step : steps.values()) {
            List.of(step.ids(), step.rows(), step.lengths(), step.logits()).forEach(OnnxTensor::close);
        }
        steps.clear();
    }

    /** Frees tensors and memory. */
    @Override
    public void close() {
        forget();
        totalTensor.close();
        memory.close();
    }
}
