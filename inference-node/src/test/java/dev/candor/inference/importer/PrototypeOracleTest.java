package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.ort.SequenceScorer;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @ParameterizedTest
    @CsvSource({"FP32, a, 1e-4", "Q8, b, 1e-4", "Q4EXACT, g, 1e-4", "W8A8, hk, 1e-4"})
    void givesTheLogitsOfThePrototype(ModelForm form, String prototypeForm, float tolerance) throws Exception {
        Path script = Path.of(System.getProperty("candor.shared", "")).resolve("reference/gguf_to_onnx.py").toAbsolutePath();
        Assumptions.assumeTrue(Files.isRegularFile(script), "the prototype is not here");
        DemoModel demo = new DemoModel();
        Process python = new ProcessBuilder(System.getenv("CANDOR_ORACLES"), script.toString(), demo.gguf().toString(), prototypeForm)
                .directory(temp.toFile())
                .inheritIO()
                .start();
        assertThat(python.waitFor()).isZero();
        VerifiedModel model = demo.convert(form, temp.resolve("ours"));
        float[] ours = logits(demo, model.graph(), model);
        float[] theirs = logits(demo, temp.resolve("m_" + prototypeForm + ".onnx"), model);

        assertThat(ours).hasSameSizeAs(theirs);
        float largest = 0;
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
        }
        assertThat(largest).isLessThanOrEqualTo(tolerance);
    }

    private static float[] logits(DemoModel demo, Path graph, VerifiedModel model) throws Exception {
        try (SequenceScorer scorer = new SequenceScorer(demo.natives(), graph, model.config())) {
            return scorer.logits(TOKENS);
        }
    }
}
