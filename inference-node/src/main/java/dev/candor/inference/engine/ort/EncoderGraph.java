package dev.candor.inference.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.Pooling;
import dev.candor.inference.engine.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an encoder's graph takes and gives, read off it.
 *
 * @param inputs    those of {@link #IDS}, {@link #MASK} and {@link #TYPES} that it has
 * @param wide      whether they are of 64-bit integers, and not of 32-bit ones
 * @param width     last dimension of the output
 * @param tokenwise whether the output is {@code [batch, tokens, width]}, and not {@code [batch, width]}
 */
record EncoderGraph(List<String> inputs, boolean wide, int width, boolean tokenwise) {
    /** Integers [batch, tokens]. */
    static final String IDS = "input_ids";
    /** Integers [batch, tokens]: 1 for a token, 0 for padding. */
    static final String MASK = "attention_mask";
    /** Integers [batch, tokens]: the segment. */
    static final String TYPES = "token_type_ids";

    private static final Set<String> KNOWN = Set.of(IDS, MASK, TYPES);
    private static final int TOKENWISE_RANK = 3;

    /** @throws ModelException naming the input or output that does not fit */
    static EncoderGraph of(OrtSession session, EncoderConfig model) throws ModelException, OrtException {
        Map<String, NodeInfo> inputs = session.getInputInfo();
        for (String name : inputs.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new ModelException("the graph's input " + name + " is not one of an encoder's, which are " + IDS + ", " + MASK + " and " + TYPES);
            }
        }
        if (!inputs.containsKey(IDS)) {
            throw new ModelException("the graph has no input " + IDS);
        }
        List<String> names = new ArrayList<>(inputs.keySet());
        OnnxJavaType type = tensor(inputs, IDS).type;
        for (String name : names) {
            TensorInfo info = tensor(inputs, name);
            if (info.type != type || (type != OnnxJavaType.INT64 && type != OnnxJavaType.INT32) || info.getShape().length != 2) {
                throw new ModelException("the graph's input " + name + " must be [batch, tokens] of int64 or of int32, all inputs of the same");
            }
        }
        TensorInfo output = tensor(session.getOutputInfo(), model.output());
        long[] shape = output.getShape();
        boolean tokenwise = shape.length == TOKENWISE_RANK;
        long width = shape.length == 0 ? 0 : shape[shape.length - 1];
        if (output.type != OnnxJavaType.FLOAT || (!tokenwise && shape.length != 2) || width > 0 && width != model.width()) {
            throw new ModelException("the graph's output " + model.output() + " must be float [batch, tokens, " + model.width() + "] or [batch, "
                    + model.width() + "]");
        }
        if (tokenwise != needsTokens(model)) {
            throw new ModelException("the graph's output " + model.output() + (tokenwise ? " has a vector for each token" : " has one vector for a text")
                    + ", which does not fit the task " + model.task().word() + " with pooling " + model.pooling().word());
        }
        return new EncoderGraph(List.copyOf(names), type == OnnxJavaType.INT64, model.width(), tokenwise);
    }

    private static boolean needsTokens(EncoderConfig model) {
        return switch (model.task()) {
            case EMBEDDING -> model.pooling() != Pooling.NONE;
            case TOKEN_CLASSIFICATION -> true;
            case CLASSIFICATION, RERANK -> false;
        };
    }

    private static TensorInfo tensor(Map<String, NodeInfo> all, String name) throws ModelException {
        if (all.containsKey(name) && all.get(name).getInfo() instanceof TensorInfo info) {
            return info;
        }
        throw new ModelException("the graph has no tensor " + name + "; it has " + String.join(", ", all.keySet()));
    }
}
