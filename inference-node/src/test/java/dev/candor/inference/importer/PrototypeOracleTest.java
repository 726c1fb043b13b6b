package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.quality.QualityMeter;
import dev.candor.inference.engine.ort.SequenceScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the importer with the Python prototype; {@code CANDOR_ORACLES} names a Python that has gguf, onnx and numpy. */
@EnabledIfEnvironmentVariable(named = "CANDOR_ORACLES", matches = ".+")
class PrototypeOracleTest {
    private static final int[] TOKENS = {1, 9690, 198, 2683, 359, 253, 5356, 5646, 11173, 3365, 3511, 308, 34519, 28, 7018, 411, 407, 19712, 8182, 2};

    @TempDir
    Path temp;

    /** W8A8 goes other ways to the same numbers, whose last bits decide some roundings; the other forms are the prototype's to the last step. */
    @ParameterizedTest
    @CsvSource({"FP32, a, 1e-4, 1e-9", "Q8, b, 1e-4, 1e-9", "Q4EXACT, g, 1e-4, 1e-9", "W8A8, hk, 8, 0.03"})
    void givesTheLogitsOfThePrototype(ModelForm form, String prototypeForm, float tolerance, double divergence) throws Exception {
        DemoModel demo = new DemoModel();
        python("gguf_to_onnx.py", demo.gguf().toString(), prototypeForm);
        python("primitive_attention.py", "m_" + prototypeForm + ".onnx", "prototype.onnx", "sink");
        VerifiedModel model = demo.convert(form, temp.resolve("ours"));
        float[] ours = logits(demo, model.graph(), model);
        float[] theirs = logits(demo, temp.resolve("prototype.onnx"), model);

        assertThat(ours).hasSameSizeAs(theirs);
        float largest = 0;
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
        }
        assertThat(largest).isLessThanOrEqualTo(tolerance);
        QualityMeter meter = new QualityMeter();
        meter.add(theirs, ours, TOKENS);
        assertThat(meter.report().divergence()).isLessThanOrEqualTo(divergence);
    }

    private void python(String script, String... arguments) throws Exception {
        Path file = Path.of(System.getProperty("candor.shared", "")).resolve("reference").resolve(script).toAbsolutePath();
        Assumptions.assumeTrue(Files.isRegularFile(file), "the prototype is not here");
        List<String> command = new ArrayList<>(List.of(System.getenv("CANDOR_ORACLES"), file.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(temp.toFile()).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }

    private static float[] logits(DemoModel demo, Path graph, VerifiedModel model) throws Exception {
        try (SequenceScorer scorer = new SequenceScorer(demo.natives(), graph, model.config())) {
            return scorer.logits(TOKENS);
        }
    }
}
