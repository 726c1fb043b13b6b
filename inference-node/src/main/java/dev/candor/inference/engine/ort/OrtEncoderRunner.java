package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.engine.encoder.EncoderRunner;
import dev.candor.inference.engine.memory.NativeMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An encoder graph in one ONNX Runtime session on the CPU, on inputs and an output that stay where they are. */
public final class OrtEncoderRunner implements EncoderRunner {
    /** Most tokens of a run: past this many a batch computes no faster, and others wait longer. */
    public static final int RUN_TOKENS = 1024;

    private static final System.Logger LOG = System.getLogger(OrtEncoderRunner.class.getName());
    private static final Set<String> PINNED_ONLY = Set.of();
    /** A run of as many tokens takes work space that is worth giving back. */
    private static final int LARGE_RUN = 256;

    private final OrtSession session;
    private final NativeMemory memory;
    private final EncoderGraph graph;
    private final EncoderBuffers buffers;
    private final EncoderConfig model;
    private final EngineInfo info;
    private boolean spread;
    private boolean closed;

    private OrtEncoderRunner(OrtRuntime runtime, OrtSession session, EncoderGraph graph, EncoderConfig model) {
        this.session = session;
        this.graph = graph;
        this.model = model;
        this.memory = new NativeMemory();
        int most = Math.max(RUN_TOKENS, model.maxTokens());
        this.buffers = new EncoderBuffers(runtime.environment(), memory, graph, most, model.padToken());
        String kind = model.rewrite().filter(note -> note.refused().isEmpty()).map(note -> note.name()).orElse("stock");
        String determinism = String.join("/", "ort-" + runtime.version(), InstructionSet.detect(), model.form(), kind);
        this.info = new EngineInfo(runtime.version(), "CPUExecutionProvider", model.form(), determinism, model.maxTokens(), 1);
    }

    /**
     * Loads a model and runs it once, so that a broken one is found now.
     *
     * @param folder holds the graph that {@code model} names
     * @param spin   whether its threads wait for each other by spinning for a moment before they sleep, as in {@link OrtOptions}
     * @throws ModelException if the graph cannot be loaded, or has inputs or an output that are not an encoder's
     */
    public static OrtEncoderRunner open(OrtRuntime runtime, Path folder, EncoderConfig model, int threads, boolean spin) throws ModelException {
        Path file = folder.resolve(model.graph());
        OrtSession session = EncoderSession.open(runtime, file, threads, spin);
        OrtEncoderRunner runner = null;
        try {
            runner = new OrtEncoderRunner(runtime, session, EncoderGraph.of(session, model), model);
            runner.warmUp();
            return runner;
        } catch (OrtException | ModelException | RuntimeException e) {
            if (runner == null) {
                DecoderSession.closeSession(session);
            } else {
                runner.close();
            }
            throw e instanceof ModelException known ? known : new ModelException("cannot use the model " + file + ": " + e.getMessage(), e);
        }
    }

    private void warmUp() throws ModelException {
        int[] tokens = new int[Math.min(model.maxTokens(), 4)];
        for (float value : run(List.of(EncoderInput.of(tokens), EncoderInput.of(new int[1]))).getFirst()) {
            if (!Float.isFinite(value)) {
                throw new ModelException("the model gives values that are not numbers: its files are damaged");
            }
        }
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public int vocabSize() {
        return model.vocabSize();
    }

    @Override
    public int maxRunTokens() {
        return buffers.capacity();
    }

    @Override
    public List<float[]> run(List<EncoderInput> batch) throws ModelException {
        int longest = batch.stream().mapToInt(EncoderInput::length).max().orElseThrow();
        try (EncoderBuffers.Run run = buffers.fill(batch, longest)) {
            Map<String, OnnxTensor> inputs = run.inputs();
            spread |= batch.size() * longest >= LARGE_RUN;
            session.run(inputs, PINNED_ONLY, Map.of(model.output(), run.output())).close();
            return new EncoderOutput(model, graph.tokenwise(), longest).read(buffers.output(), batch);
        } catch (OrtException e) {
            throw new ModelException("the model failed on " + batch.size() + " sequences of up to " + longest + " tokens: " + e.getMessage(), e);
        }
    }

    /** ONNX Runtime gives what its arena does not use back at the end of a run only: here, of the smallest one. */
    @Override
    public void rest() {
        if (!spread) {
            return;
        }
        spread = false;
        try (EncoderBuffers.Run run = buffers.fill(List.of(EncoderInput.of(new int[1])), 1);
                OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            session.run(run.inputs(), PINNED_ONLY, Map.of(model.output(), run.output()), options).close();
        } catch (OrtException e) {
            LOG.log(System.Logger.Level.DEBUG, "work space was not given back", e);
        }
    }

    /** Frees the session first: the memory it runs on must outlive it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            DecoderSession.closeSession(session);
            memory.close();
        }
    }
}
