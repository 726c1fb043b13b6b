package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.ModelException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a decoder's graph over whole sequences from a cache of zeros and gives the logits of every position. */
public final class SequenceScorer implements AutoCloseable {
    private static final int STEP = 64;

    private final OrtRuntime runtime;
    private final OrtSession session;
    private final ModelConfig config;

    /**
     * Loads a graph.
     *
     * @param natives where the native libraries are kept unpacked
     * @throws ModelException if ONNX Runtime does not take the graph
     */
    public SequenceScorer(Path natives, Path graph, ModelConfig config) throws ModelException {
        this.runtime = OrtRuntime.load(natives);
        this.config = config;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(2);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            this.session = runtime.environment().createSession(graph.toString(), options);
        } catch (OrtException e) {
            throw new ModelException("ONNX Runtime does not take the graph: " + e.getMessage(), e);
        }
    }

    /** The graph's input and output names. */
    public List<Set<String>> names() {
        return List.of(session.getInputNames(), session.getOutputNames());
    }

    /**
     * Logits of the token after each of {@code tokens}, row after row of the vocabulary's size.
     *
     * @throws ModelException if the run fails
     */
    public float[] logits(int[] tokens) throws ModelException {
        long[] ids = new long[tokens.length];
        long[] rows = new long[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            ids[i] = tokens[i];
            rows[i] = i;
        }
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put("input_ids", OnnxTensor.createTensor(runtime.environment(), LongBuffer.wrap(ids), new long[] {1, ids.length}));
            inputs.put("out_rows", OnnxTensor.createTensor(runtime.environment(), LongBuffer.wrap(rows), new long[] {rows.length}));
            inputs.put("seqlens_k", integer(ids.length - 1, 1));
            inputs.put("total_sequence_length", integer(ids.length));
            if (session.getInputNames().contains("exact_step")) {
                inputs.put("exact_step", OnnxTensor.createTensor(runtime.environment(), tokens.length == 1));
            }
            for (int layer = 0; layer < config.layers(); layer++) {
                for (String part : List.of("key", "value")) {
                    inputs.put("past_key_values." + layer + "." + part, past(tokens.length));
                }
            }
            try (OrtSession.Result result = session.run(inputs, Set.of("logits"))) {
                OnnxValue logits = result.get(0);
                FloatBuffer values = ((OnnxTensor) logits).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                return copy;
            }
        } catch (OrtException e) {
            throw new ModelException("the graph failed over " + tokens.length + " tokens: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor integer(int value, long... shape) throws OrtException {
        return OnnxTensor.createTensor(runtime.environment(), IntBuffer.wrap(new int[] {value}), shape);
    }

    /** Zeros, with room for the tokens. */
    private OnnxTensor past(int tokens) throws OrtException {
        int length = (tokens + STEP - 1) / STEP * STEP;
        long[] shape = {1, config.kvHeads(), length, config.headSize()};
        return OnnxTensor.createTensor(runtime.environment(), FloatBuffer.allocate(config.kvHeads() * length * config.headSize()), shape);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("a session of ONNX Runtime could not be closed", e);
        }
    }
}
