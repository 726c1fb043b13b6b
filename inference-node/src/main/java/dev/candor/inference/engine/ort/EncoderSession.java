package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.inference.engine.ModelException;
import java.nio.file.Path;

/** Opens graphs whose runs differ in shape from one to the next. */
final class EncoderSession {
    private static final String SPIN_MICROS = "20";

    private EncoderSession() {}

    static OrtSession open(OrtRuntime runtime, Path graph, int threads, boolean spin) throws ModelException {
        GraphFiles.requireWhole(graph);
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(threads);
            settings.setInterOpNumThreads(1);
            settings.addConfigEntry("session.intra_op.allow_spinning", spin ? "1" : "0");
            settings.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROS);
            settings.addConfigEntry("session.force_spinning_stop", "1");
            // A pattern is kept for every shape ever seen, and here each run may have another.
            settings.setMemoryPatternOptimization(false);
            return runtime.environment().createSession(graph.toString(), settings);
        } catch (OrtException e) {
            throw new ModelException("cannot load the model " + graph + ": " + e.getMessage(), e);
        }
    }
}
