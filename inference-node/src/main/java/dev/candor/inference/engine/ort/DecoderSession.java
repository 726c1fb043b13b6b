package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A decoder's graph, ready to run over tensors whose memory somebody else keeps. */
final class DecoderSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DecoderSession.class.getName());
    private static final Set<String> PINNED_ONLY = Set.of();

    private final OrtSession session;
    private final boolean exactSteps;
    private final OnnxTensor yes;
    private final OnnxTensor no;

    DecoderSession(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.session = session;
        this.exactSteps = session.getInputNames().contains(DecoderGraph.EXACT_STEP);
        this.yes = OnnxTensor.createTensor(environment, true);
        this.no = OnnxTensor.createTensor(environment, false);
    }

    /** Whether the graph can be told to compute a step as a prefill would. */
    boolean exactSteps() {
        return exactSteps;
    }

    /** @param step whether to run as a step rather than as a prefill, where the graph tells them apart */
    void run(StepBuffers.Step step, KvPool.Binding cache, boolean asStep) throws OrtException {
        run(step, cache, asStep, null);
    }

    /** As {@link #run}, of a prefill, after which ONNX Runtime gives back what its arena does not use. */
    void runAndShrink(StepBuffers.Step step, KvPool.Binding cache) throws OrtException {
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            run(step, cache, false, options);
        }
    }

    /** @param options null for none */
    private void run(StepBuffers.Step step, KvPool.Binding cache, boolean asStep, OrtSession.RunOptions options) throws OrtException {
        Map<String, OnnxTensor> inputs = HashMap.newHashMap(cache.past().size() + 5);
        inputs.putAll(cache.past());
        inputs.put(DecoderGraph.INPUT_IDS, step.ids());
        inputs.put(DecoderGraph.OUT_ROWS, step.rows());
        inputs.put(DecoderGraph.SEQLENS, step.lengths());
        inputs.put(DecoderGraph.TOTAL, step.total());
        if (exactSteps) {
            inputs.put(DecoderGraph.EXACT_STEP, asStep ? yes : no);
        }
        Map<String, OnnxTensor> outputs = HashMap.newHashMap(cache.present().size() + 1);
        outputs.putAll(cache.present());
        outputs.put(DecoderGraph.LOGITS, step.logits());
        session.run(inputs, PINNED_ONLY, outputs, options).close();
    }

    /** Closes a session, whatever happens. */
    static void closeSession(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            LOG.log(System.Logger.Level.WARNING, "a session could not be closed", e);
        }
    }

    @Override
    public void close() {
        closeSession(session);
        yes.close();
        no.close();
    }
}
