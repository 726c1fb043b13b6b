package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a runner out of a model's folder, or frees all it took. */
final class ModelLoader {
    private static final System.Logger LOG = System.getLogger(ModelLoader.class.getName());
    private static final int WARM_UP_TOKENS = 4;
    private static final int SPARE_SLOTS = 1;
    private static final int DIGEST_DIGITS = 16;

    /** Room for the logits of one chunk of a transcript that is checked. */
    private static final long LOGITS_BYTES = 64L << 20;
    private static final int LEAST_LOGITS_ROWS = 16;
    private static final int MOST_LOGITS_ROWS = 256;

    /**
     * Long enough to bridge the gaps between a step's operators, so that an idle machine is as fast as with endless spinning; short
     * enough that on a busy one a thread soon sleeps instead of taking the core that the work it waits for needs.
     */
    private static final String SPIN_MICROS = "100";

    private final OrtRuntime runtime;
    private final ModelConfig model;
    private final OrtOptions options;

    ModelLoader(OrtRuntime runtime, ModelConfig model, OrtOptions options) {
        this.runtime = runtime;
        this.model = model;
        this.options = options;
    }

    OrtModelRunner load(Path folder) throws ModelException {
        Path graph = folder.resolve(model.graph());
        OrtSession session = openSession(graph);
        OrtModelRunner runner = null;
        try {
            DecoderGraph.check(session, model);
            runner = build(new DecoderSession(runtime.environment(), session), graph);
            warmUp(runner);
            if (runner.exact() && !new ExactnessProbe(runner).holds()) {
                LOG.log(System.Logger.Level.WARNING, "steps of the model " + graph + " do not give the bits of a prefill here: no replay");
                runner.notExact();
            }
            return runner;
        } catch (OrtException | IOException e) {
            release(runner, session);
            throw new ModelException("cannot load the model " + graph + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            release(runner, session);
            throw new ModelException("no memory for the KV cache of " + options.slots() + " slots: use fewer, or a shorter context", e);
        } catch (ModelException | RuntimeException e) {
            release(runner, session);
            throw e;
        }
    }

    private OrtSession openSession(Path graph) throws ModelException {
        GraphFiles.requireWhole(graph);
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(options.threads());
            settings.setInterOpNumThreads(1);
            settings.addConfigEntry("session.intra_op.allow_spinning", options.spin() ? "1" : "0");
            settings.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROS);
            // Threads spin inside a run only: an idle engine, or a second one in the process, must cost no CPU.
            settings.addConfigEntry("session.force_spinning_stop", "1");
            if (options.profile().isPresent()) {
                settings.enableProfiling(options.profile().get().toString());
            }
            return runtime.environment().createSession(graph.toString(), settings);
        } catch (OrtException e) {
            throw new ModelException("cannot load the model " + graph + ": " + e.getMessage(), e);
        }
    }

    private OrtModelRunner build(DecoderSession session, Path graph) throws OrtException, IOException {
        int length = options.contextLength() == 0 ? model.contextLength() : Math.min(options.contextLength(), model.contextLength());
        int others = options.stagingSlots() + SPARE_SLOTS;
        int logitsRows = Math.max(options.slots() * OrtModelRunner.STEP_TOKENS, logitsRows());
        KvCache cache = new KvCache(runtime.environment(), KvShape.of(model, length, weightBytes(graph)), options.slots(), others);
        int runTokens = Math.max(options.slots() * OrtModelRunner.STEP_TOKENS, Math.min(OrtModelRunner.MAX_CHUNK, length));
        StepBuffers buffers = new StepBuffers(runtime.environment(), runTokens, options.slots(), logitsRows, model.vocabSize());
        EngineInfo info = new EngineInfo(
                runtime.version(), "cpu", model.form(), determinism(session, graph), length, options.slots());
        OrtModelRunner.Limits limits = new OrtModelRunner.Limits(model.vocabSize(), options.stagingSlots(), SPARE_SLOTS, logitsRows);
        return new OrtModelRunner(session, cache, buffers, info, limits);
    }

    private int logitsRows() {
        return (int) Math.clamp(LOGITS_BYTES / Float.BYTES / model.vocabSize(), LEAST_LOGITS_ROWS, MOST_LOGITS_ROWS);
    }

    private String determinism(DecoderSession session, Path graph) throws IOException {
        String attention = session.exactSteps() ? "exact" : "gqa";
        return DeterminismClass.of(runtime.version(), InstructionSet.detect(), model.form(), attention, graph);
    }

    private static long weightBytes(Path graph) throws IOException {
        long bytes = Files.size(graph);
        Path weights = graph.resolveSibling(graph.getFileName() + ".data");
        return Files.exists(weights) ? bytes + Files.size(weights) : bytes;
    }

    private void warmUp(OrtModelRunner runner) throws ModelException {
        int tokens = Math.min(WARM_UP_TOKENS, runner.info().contextLength() - 1);
        int[][] next = new int[options.slots()][1];
        int[] lengths = new int[options.slots()];
        for (int slot = 0; slot < options.slots(); slot++) {
            runner.prefill(slot, new int[tokens], 0, tokens);
            lengths[slot] = tokens;
        }
        requireNumbers(runner);
        runner.decode(new DecodeStep(options.slots(), next, lengths, false));
        requireNumbers(runner);
        for (int slot = 0; slot < options.slots(); slot++) {
            runner.trim(slot, 0);
        }
    }

    private void requireNumbers(OrtModelRunner runner) throws ModelException {
        float[] logits = new float[model.vocabSize()];
        runner.readLogits(0, logits);
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new ModelException("the model gives logits that are not numbers: its files are damaged or its conversion is wrong");
            }
        }
    }

    private static void release(OrtModelRunner runner, OrtSession session) {
        if (runner != null) {
            runner.close();
        } else {
            DecoderSession.closeSession(session);
        }
    }
}
