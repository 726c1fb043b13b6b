package dev.candor.inference.engine.ort.device;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.DeterminismClass;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.ffm.NativeSession;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.OrtLibrary;
import dev.candor.inference.engine.ort.ffm.SessionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Makes a runner on a device out of a model's folder, or frees all it took. */
final class DeviceModelLoader {
    private static final int WARM_UP_TOKENS = 4;
    private static final String SPIN_MICROS = "100";

    private final OrtRuntime runtime;
    private final ModelConfig model;
    private final DeviceOptions options;

    DeviceModelLoader(OrtRuntime runtime, ModelConfig model, DeviceOptions options) {
        this.runtime = runtime;
        this.model = model;
        this.options = options;
    }

    DeviceModelRunner load(Device device, Path folder) throws ModelException {
        Path graph = folder.resolve(model.graph());
        try {
            DeviceModelRunner runner = build(device, graph);
            warmUp(runner);
            return runner;
        } catch (OrtCallException | DeviceException | IOException e) {
            throw new ModelException("cannot load the model " + graph + " on " + device.provider() + ": " + e.getMessage(), e);
        }
    }

    private DeviceModelRunner build(Device device, Path graph) throws OrtCallException, ModelException, IOException {
        int context = options.ort().contextLength();
        int length = context == 0 ? model.contextLength() : Math.min(context, model.contextLength());
        OrtLibrary library = null;
        NativeSession session;
        try {
            library = OrtLibrary.open(runtime.library());
            session = openSession(library, device, graph);
        } catch (OrtCallException | RuntimeException e) {
            if (library != null) {
                library.close();
            }
            device.close();
            throw e;
        }
        DeviceSession opened = new DeviceSession(library, device, session, model, options, length);
        try {
            String attention = (opened.exact() ? "exact" : "gqa") + (options.graphs() ? "+graphs" : "")
                    + (device.repeatable() ? "" : "+varying");
            String determinism = DeterminismClass.of(library.version(), device.description(), model.form(), attention, graph);
            EngineInfo info = new EngineInfo(
                    library.version(), device.provider(), model.form(), determinism, length, options.ort().slots());
            return new DeviceModelRunner(opened, info, options.ort().stagingSlots(), model.vocabSize());
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private NativeSession openSession(OrtLibrary library, Device device, Path graph) throws OrtCallException {
        try (SessionSettings settings = library.settings()) {
            settings.threads(options.ort().threads())
                    .config("session.intra_op.allow_spinning", options.ort().spin() ? "1" : "0")
                    .config("session.intra_op.spin_duration_us", SPIN_MICROS)
                    .config("session.force_spinning_stop", "1")
                    .config(NativeSession.RECORD_ASSIGNMENT, "1");
            device.configure(settings, options.graphs());
            return library.session(graph, settings);
        }
    }

    private void warmUp(DeviceModelRunner runner) throws ModelException {
        try {
            int tokens = Math.min(WARM_UP_TOKENS, runner.info().contextLength() - 1);
            runner.prefill(0, new int[tokens], 0, tokens);
            requireNumbers(runner);
            decode(runner, options.ort().slots(), tokens);
            runner.startRecording();
            decode(runner, 1, tokens);
            decode(runner, 1, tokens);
        } catch (ModelException | RuntimeException e) {
            runner.close();
            throw e;
        }
    }

    private void decode(DeviceModelRunner runner, int batch, int tokens) throws ModelException {
        int[] lengths = new int[batch];
        Arrays.fill(lengths, tokens);
        runner.decode(new DecodeStep(batch, new int[batch][1], lengths, false));
        requireNumbers(runner);
    }

    private void requireNumbers(DeviceModelRunner runner) throws ModelException {
        float[] logits = new float[model.vocabSize()];
        runner.readLogits(0, logits);
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new ModelException("the model gives logits that are not numbers: its files are damaged or its conversion is wrong");
            }
        }
    }
}
