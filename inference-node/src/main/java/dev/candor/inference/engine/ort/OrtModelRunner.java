package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A decoder graph with GroupQueryAttention in one ONNX Runtime session on the CPU. That operator takes several tokens of one sequence,
 * or one token of several sequences whose slots are neighbours, hence the two kinds of run.
 */
public final class OrtModelRunner implements ModelRunner {
    /** Longest run of a prefill; longer ones gain nothing and hold more memory. */
    public static final int MAX_CHUNK = 2048;

    private static final System.Logger LOG = System.getLogger(OrtModelRunner.class.getName());
    private static final Set<String> PINNED_ONLY = Set.of();

    /** What one run is given. */
    private record Run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {}

    private final OrtSession session;
    private final NativeMemory memory;
    private final KvCache cache;
    private final StepBuffers buffers;
    private final EngineInfo info;
    private final int vocabulary;
    private final Map<Integer, Run> decodes = new HashMap<>();
    private boolean closed;

    OrtModelRunner(OrtSession session, NativeMemory memory, KvCache cache, StepBuffers buffers, EngineInfo info, int vocabulary) {
        this.session = session;
        this.memory = memory;
        this.cache = cache;
        this.buffers = buffers;
        this.info = info;
        this.vocabulary = vocabulary;
    }

    /**
     * Loads a model and runs it once, so that a broken one is found now and the first request is as fast as the next.
     *
     * @param folder holds the graph that {@code model} names, with its weights beside it
     * @throws ModelException           if the graph cannot be loaded, does not fit {@code model}, or gives logits that are not numbers
     * @throws IllegalArgumentException if the KV cache would be too large
     */
    public static OrtModelRunner open(OrtRuntime runtime, Path folder, ModelConfig model, OrtOptions options) throws ModelException {
        return new ModelLoader(runtime, model, options).load(folder);
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public int vocabSize() {
        return vocabulary;
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to) throws ModelException {
        if (slot < 0 || slot >= info.slots() + cache.stagingSlots() || from < 0 || from >= to || to - from > MAX_CHUNK || to > info.contextLength()) {
            throw new IllegalArgumentException("no room for tokens " + from + " to " + to + " in slot " + slot);
        }
        buffers.writePrefill(tokens, from, to);
        try {
            run(assemble(buffers.step(1, to - from), cache.bind(slot, 1)));
        } catch (OrtException e) {
            throw new ModelException("the model failed in a prefill of " + (to - from) + " tokens: " + e.getMessage(), e);
        }
    }

    @Override
    public void decode(DecodeStep step) throws ModelException {
        checkDecode(step);
        int batch = step.batch();
        buffers.writeDecode(step);
        try {
            Run run = decodes.get(batch);
            if (run == null) {
                run = assemble(buffers.step(batch, 1), cache.bind(0, batch));
                decodes.put(batch, run);
            }
            run(run);
        } catch (OrtException e) {
            throw new ModelException("the model failed in a decode of " + batch + " sequences: " + e.getMessage(), e);
        }
    }

    private void checkDecode(DecodeStep step) {
        if (step.batch() < 1 || step.batch() > info.slots()) {
            throw new IllegalArgumentException("a decode takes 1 to " + info.slots() + " sequences, not " + step.batch());
        }
        if (step.exact()) {
            throw new IllegalArgumentException("this model has no exact decode");
        }
        for (int i = 0; i < step.batch(); i++) {
            int length = step.lengths()[i];
            if (step.tokens()[i].length != 1 || length < 1 || length >= info.contextLength()) {
                throw new IllegalArgumentException(
                        "no room for " + step.tokens()[i].length + " tokens after " + length + " in slot " + i);
            }
        }
    }

    private static Run assemble(StepBuffers.Step step, KvCache.Binding slots) {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>(slots.past());
        inputs.put(DecoderGraph.INPUT_IDS, step.ids());
        inputs.put(DecoderGraph.OUT_ROWS, step.rows());
        inputs.put(DecoderGraph.SEQLENS, step.lengths());
        inputs.put(DecoderGraph.TOTAL, step.total());
        Map<String, OnnxTensor> outputs = new LinkedHashMap<>(slots.present());
        outputs.put(DecoderGraph.LOGITS, step.logits());
        return new Run(inputs, outputs);
    }

    private void run(Run run) throws OrtException {
        session.run(run.inputs(), PINNED_ONLY, run.outputs()).close();
    }

    @Override
    public void readLogits(int row, float[] into) {
        buffers.readLogits(row, into);
    }

    @Override
    public void copySlot(int from, int to, int length) {
        cache.copy(from, to, length);
    }

    @Override
    public int stagingSlots() {
        return cache.stagingSlots();
    }

    @Override
    public int stepTokens() {
        return 1;
    }

    @Override
    public boolean exact() {
        return false;
    }

    @Override
    public long kvBytesPerToken() {
        return cache.tokenBytes();
    }

    @Override
    public void saveKv(int slot, int from, int to, MemorySegment into) {
        cache.save(slot, from, to, into);
    }

    @Override
    public void restoreKv(int slot, int from, int to, MemorySegment source) {
        cache.restore(slot, from, to, source);
    }

    @Override
    public void trim(int slot, int length) {
        cache.trim(slot, length);
    }

    /** Frees the session first: the memory it runs on must outlive it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeSession(session);
            buffers.close();
            cache.close();
            memory.close();
        }
    }

    static void closeSession(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            LOG.log(System.Logger.Level.WARNING, "a session could not be closed", e);
        }
    }
}
