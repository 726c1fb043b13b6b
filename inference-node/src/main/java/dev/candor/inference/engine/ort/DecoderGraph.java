package dev.candor.inference.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.ModelException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names a decoder's graph must have, and the check that it has them in the shapes its configuration says. */
final class DecoderGraph {
    /** int64 [batch, tokens]. */
    static final String INPUT_IDS = "input_ids";
    /** int64 [rows]: which of the flattened batch × tokens rows get logits. */
    static final String OUT_ROWS = "out_rows";
    /** int32 [batch]: tokens of each sequence, this run's included, less one. */
    static final String SEQLENS = "seqlens_k";
    /** int32 scalar: tokens of the longest sequence, this run's included. */
    static final String TOTAL = "total_sequence_length";
    /** bool scalar: whether the run is a step rather than a prefill; not every graph has it. */
    static final String EXACT_STEP = "exact_step";
    /** float [rows, vocabulary]. */
    static final String LOGITS = "logits";

    private static final Set<String> STEP_INPUTS = Set.of(INPUT_IDS, OUT_ROWS, SEQLENS, TOTAL);
    private static final int HEAD_AXIS = 1;
    private static final int SIZE_AXIS = 3;

    private DecoderGraph() {}

    /** @throws ModelException naming what is missing, superfluous or of another shape */
    static void check(OrtSession session, ModelConfig model) throws ModelException, OrtException {
        Set<String> inputs = new TreeSet<>(STEP_INPUTS);
        Set<String> outputs = new TreeSet<>(Set.of(LOGITS));
        for (int layer = 0; layer < model.layers(); layer++) {
            for (int kind = 0; kind < 2; kind++) {
                inputs.add(KvPool.pastName(layer, kind));
                outputs.add(KvPool.presentName(layer, kind));
            }
        }
        if (session.getInputNames().contains(EXACT_STEP)) {
            inputs.add(EXACT_STEP);
        }
        if (!session.getInputNames().equals(inputs)) {
            throw new ModelException("the graph's inputs are not those of a decoder with " + model.layers() + " layers: expected "
                    + inputs + ", found " + new TreeSet<>(session.getInputNames()));
        }
        if (!session.getOutputNames().containsAll(outputs)) {
            throw new ModelException("the graph lacks outputs of a decoder with " + model.layers() + " layers: expected " + outputs
                    + ", found " + new TreeSet<>(session.getOutputNames()));
        }
        Map<String, NodeInfo> info = session.getInputInfo();
        for (int layer = 0; layer < model.layers(); layer++) {
            checkPast(info, KvPool.pastName(layer, 0), model);
            checkPast(info, KvPool.pastName(layer, 1), model);
        }
        long[] logits = shape(session.getOutputInfo(), LOGITS);
        if (logits.length != 2 || logits[1] != model.vocabSize()) {
            throw new ModelException("the graph's logits must be [rows, " + model.vocabSize() + "]");
        }
    }

    private static void checkPast(Map<String, NodeInfo> info, String name, ModelConfig model) throws ModelException {
        long[] shape = shape(info, name);
        if (shape.length != SIZE_AXIS + 1 || shape[HEAD_AXIS] != model.kvHeads() || shape[SIZE_AXIS] != model.headSize()) {
            throw new ModelException("the graph's input " + name + " must be [batch, " + model.kvHeads() + ", length, "
                    + model.headSize() + "]");
        }
    }

    private static long[] shape(Map<String, NodeInfo> info, String name) throws ModelException {
        if (info.get(name).getInfo() instanceof TensorInfo tensor) {
            if (tensor.type != OnnxJavaType.FLOAT) {
                throw new ModelException("the graph's " + name + " is of type " + tensor.type
                        + ": this runner takes 32-bit floats; use the fp32, q8, q4, q4exact or w8a8 form on a CPU");
            }
            return tensor.getShape();
        }
        throw new ModelException("the graph's " + name + " is not a tensor");
    }
}
