package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs an exported decoder's graph: its small inputs and its logits are kept in buffers of their own, made once. */
final class ExportedGraph {
    private static final Set<String> PINNED_ONLY = Set.of();

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ExportedLayout layout;
    private final ExportedKv kv;
    private final int vocabulary;
    private final MemorySegment ids;
    private final MemorySegment mask;
    private final MemorySegment positions;
    private final MemorySegment logits;

    /**
     * @param tokens most tokens of one run, all sequences together
     * @param batch  most sequences of one run
     * @param length most tokens of a sequence
     */
    ExportedGraph(
            OrtEnvironment environment, OrtSession session, ExportedLayout layout, ExportedKv kv, NativeMemory memory, int vocabulary,
            int tokens, int batch, int length) {
        this.environment = environment;
        this.session = session;
        this.layout = layout;
        this.kv = kv;
        this.vocabulary = vocabulary;
        this.ids = memory.allocate((long) tokens * Long.BYTES);
        this.positions = memory.allocate((long) tokens * Long.BYTES);
        this.mask = memory.allocate((long) batch * length * Long.BYTES);
        this.logits = memory.allocate((long) tokens * vocabulary * logitBytes());
    }

    private int logitBytes() {
        return layout.halfLogits() ? Short.BYTES : Float.BYTES;
    }

    /**
     * Runs {@code next[i].length} tokens of each sequence, the same number for all, behind the {@code lengths[i]} that it has.
     *
     * @param longest positions of the past in batch buffer {@code side}; past and new tokens go to the other one
     */
    void run(int[][] next, int[] lengths, int longest, int side) throws OrtException {
        int batch = next.length;
        int tokens = next[0].length;
        write(next, lengths, longest);
        boolean empty = longest == 0 && layout.cacheBranch();
        List<OnnxTensor> tensors = new ArrayList<>();
        try {
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            inputs.put(ExportedLayout.INPUT_IDS, longs(tensors, ids, batch, tokens));
            inputs.put(ExportedLayout.MASK, longs(tensors, mask, batch, longest + tokens));
            if (layout.positions()) {
                inputs.put(ExportedLayout.POSITIONS, longs(tensors, positions, batch, tokens));
            }
            if (layout.cacheBranch()) {
                OnnxTensor branch = OnnxTensor.createTensor(environment, new boolean[] {!empty});
                tensors.add(branch);
                inputs.put(ExportedLayout.CACHE_BRANCH, branch);
            }
            Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
            outputs.put(ExportedLayout.LOGITS, tensor(tensors, logits, layout.halfLogits(), batch, tokens, vocabulary));
            for (int i = 0; i < layout.past().size(); i++) {
                // A merged graph's branch without a cache is given one token of past that it does not read.
                inputs.put(layout.past().get(i), keys(tensors, kv.batch(side, i), batch, empty ? 1 : longest));
                outputs.put(layout.present().get(i), keys(tensors, kv.batch(1 - side, i), batch, longest + tokens));
            }
            session.run(inputs, PINNED_ONLY, outputs).close();
        } finally {
            tensors.forEach(OnnxTensor::close);
        }
    }

    private void write(int[][] next, int[] lengths, int longest) {
        int tokens = next[0].length;
        int width = longest + tokens;
        for (int row = 0; row < next.length; row++) {
            int start = kv.offset(lengths[row], longest);
            for (int i = 0; i < width; i++) {
                boolean past = i >= start && i < start + lengths[row];
                boolean fresh = layout.leftPad() ? i >= longest : i >= lengths[row] && i < lengths[row] + tokens;
                mask.setAtIndex(ValueLayout.JAVA_LONG, (long) row * width + i, past || fresh ? 1 : 0);
            }
            for (int i = 0; i < tokens; i++) {
                ids.setAtIndex(ValueLayout.JAVA_LONG, (long) row * tokens + i, next[row][i]);
                positions.setAtIndex(ValueLayout.JAVA_LONG, (long) row * tokens + i, lengths[row] + i);
            }
        }
    }

    private OnnxTensor longs(List<OnnxTensor> made, MemorySegment buffer, long... shape) throws OrtException {
        OnnxTensor tensor = OnnxTensor.createTensor(environment, bytes(buffer, shape[0] * shape[1] * Long.BYTES), shape, OnnxJavaType.INT64);
        made.add(tensor);
        return tensor;
    }

    private OnnxTensor keys(List<OnnxTensor> made, MemorySegment buffer, int batch, int tokens) throws OrtException {
        return tensor(made, buffer, layout.half(), batch, layout.kvHeads(), tokens, layout.headSize());
    }

    private OnnxTensor tensor(List<OnnxTensor> made, MemorySegment buffer, boolean half, long... shape) throws OrtException {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        OnnxTensor tensor = OnnxTensor.createTensor(environment, bytes(buffer, elements * (half ? Short.BYTES : Float.BYTES)), shape,
                half ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT);
        made.add(tensor);
        return tensor;
    }

    private static ByteBuffer bytes(MemorySegment buffer, long size) {
        return buffer.asSlice(0, size).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Row {@code row} of the last run's logits, its tokens counted through all sequences. */
    void readLogits(int row, float[] into) {
        long at = (long) row * vocabulary;
        for (int i = 0; i < vocabulary; i++) {
            into[i] = layout.halfLogits()
                    ? Float.float16ToFloat(logits.getAtIndex(ValueLayout.JAVA_SHORT, at + i))
                    : logits.getAtIndex(ValueLayout.JAVA_FLOAT, at + i);
        }
    }

    void close() {
        DecoderSession.closeSession(session);
    }
}
