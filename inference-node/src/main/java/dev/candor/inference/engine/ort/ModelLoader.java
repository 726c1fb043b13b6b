package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.memory.NativeMemory;
import java.nio.file.Path;
import java.util.Arrays;

/** Makes a runner out of a model's folder, or frees all it took. */
final class ModelLoader {
    private static final int WARM_UP_TOKENS = 4;

    /**
     * Long enough to bridge the gaps between a step's operators, so that an idle machine is as fast as with endless spinning; short
     * enough that on a busy one a thread soon sleeps instead of taking the core that the work it waits for needs.
     */
    private static final String SPIN_MICROS = "20";

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
        NativeMemory memory = new NativeMemory();
        OrtModelRunner runner = null;
        try {
            DecoderGraph.check(session, model);
            runner = build(session, memory);
            warmUp(runner);
            return runner;
        } catch (OrtException e) {
            release(runner, session, memory);
            throw new ModelException("cannot load the model " + graph + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            release(runner, session, memory);
            throw new ModelException("no memory for the KV cache of " + options.slots() + " slots: use fewer, or a shorter context", e);
        } catch (ModelException | RuntimeException e) {
            release(runner, session, memory);
            throw e;
        }
    }

    private OrtSession openSession(Path graph) throws ModelException {
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(options.threads());
            settings.setInterOpNumThreads(1);
            settings.addConfigEntry("session.intra_op.allow_spinning", options.spin() ? "1" : "0");
            settings.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROS);
            // Threads spin inside a run only: an idle engine, or a second one in the process, must cost no CPU.
            settings.addConfigEntry("session.force_spinning_stop", "1");
            return runtime.environment().createSession(graph.toString(), settings);
        } catch (OrtException e) {
            throw new ModelException("cannot load the model " + graph + ": " + e.getMessage(), e);
        }
    }

    private OrtModelRunner build(OrtSession session, NativeMemory memory) throws OrtException {
        int length = options.contextLength() == 0 ? model.contextLength() : Math.min(options.contextLength(), model.contextLength());
        int chunk = Math.max(options.slots(), Math.min(OrtModelRunner.MAX_CHUNK, length));
        KvCache cache = new KvCache(runtime.environment(), memory, model, options.slots(), options.stagingSlots(), length);
        StepBuffers buffers = new StepBuffers(runtime.environment(), memory, chunk, options.slots(), model.vocabSize());
        String determinism = String.join("/", "ort-" + runtime.version(), InstructionSet.detect(), model.form(), "gqa");
        EngineInfo info =
                new EngineInfo(runtime.version(), "cpu", model.form(), determinism, length, options.slots());
        return new OrtModelRunner(session, memory, cache, buffers, info, model.vocabSize());
    }

    private void warmUp(OrtModelRunner runner) throws ModelException {
        int tokens = Math.min(WARM_UP_TOKENS, runner.info().contextLength() - 1);
        runner.prefill(0, new int[tokens], 0, tokens);
        requireNumbers(runner);
        int[] lengths = new int[options.slots()];
        Arrays.fill(lengths, tokens);
        runner.decode(new DecodeStep(options.slots(), new int[options.slots()][1], lengths, false));
        requireNumbers(runner);
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

    private static void release(OrtModelRunner runner, OrtSession session, NativeMemory memory) {
        if (runner != null) {
            runner.close();
            return;
        }
        OrtModelRunner.closeSession(session);
        memory.close();
    }
}
