package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens sessions of graphs that were made elsewhere, and says in plain words why one cannot be opened. */
final class GraphSession {
    private static final String SPIN_MICROS = "20";
    private static final Pattern UNKNOWN_OPERATOR = Pattern.compile("(?:No Op registered for|Could not find an implementation for|Fatal error:) (\\S+?)(?:\\(| with domain_version| )");
    private static final Pattern UNKNOWN_OPSET = Pattern.compile("[Oo]pset (\\d+) is under development|Unsupported model IR version: (\\d+)");

    private final OrtRuntime runtime;
    private final int threads;
    private final boolean spin;

    GraphSession(OrtRuntime runtime, int threads, boolean spin) {
        this.runtime = runtime;
        this.threads = threads;
        this.spin = spin;
    }

    /** @throws ModelException naming the operator or opset that ONNX Runtime lacks, or its own words */
    OrtSession open(Path graph) throws ModelException {
        try (OrtSession.SessionOptions settings = settings()) {
            return runtime.environment().createSession(graph.toString(), settings);
        } catch (OrtException e) {
            throw refused(graph, e);
        }
    }

    /** Opens {@code model} in place of the one in {@code graph}, whose weights in files of their own it uses. */
    OrtSession open(OnnxModel model, Path graph) throws ModelException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OrtSession.SessionOptions settings = settings()) {
            model.write(bytes);
            settings.addConfigEntry("session.model_external_initializers_file_folder_path", graph.toAbsolutePath().getParent().toString());
            return runtime.environment().createSession(bytes.toByteArray(), settings);
        } catch (IOException e) {
            throw new ModelException("cannot read the model " + graph.getFileName() + ": " + e.getMessage(), e);
        } catch (OrtException e) {
            throw refused(graph, e);
        }
    }

    private OrtSession.SessionOptions settings() throws OrtException {
        OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
        settings.setIntraOpNumThreads(threads);
        settings.setInterOpNumThreads(1);
        settings.addConfigEntry("session.intra_op.allow_spinning", spin ? "1" : "0");
        settings.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROS);
        settings.addConfigEntry("session.force_spinning_stop", "1");
        return settings;
    }

    private static ModelException refused(Path graph, OrtException cause) {
        String said = cause.getMessage();
        Matcher operator = UNKNOWN_OPERATOR.matcher(said);
        Matcher opset = UNKNOWN_OPSET.matcher(said);
        String reason = operator.find()
                ? "ONNX Runtime has no operator " + operator.group(1) + " of that type and opset on the CPU (" + said + ")"
                : opset.find() ? "its opset or IR version is newer than ONNX Runtime knows (" + said + ")" : said;
        return new ModelException("cannot load the model " + graph.getFileName() + ": " + reason, cause);
    }
}
