package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.quality.QualityReport;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.SequenceScorer;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The demo model in its forms for the CPU: bytes, logits against goldens, and quality against the fp32 form over a text. */
class ConvertedModelTest {
    private static final int WINDOW = 256;
    private static final Map<ModelForm, String> DIGESTS = Map.of(
            ModelForm.FP32, "9fea9ab5f0618d3f22027d5890be28fb7125fae54b44e5bf48c9037722a2c7dc",
            ModelForm.Q8, "6861d7745005aaee8149f3cf6ceb4e8ca5f976c817fca87b82b1ab5aa6a4403f",
            ModelForm.Q4EXACT, "0aa4c7906008ef5f10ba1e0484625f649178847dd25a01323410a7456223a2a8",
            ModelForm.Q4, "9eb2d9607ca0629347ca18a9cc6df532cec56187f47a1598d41bf5ab83a04733",
            ModelForm.W8A8, "12da2418477bd08ea5045b66cfa2469f0ffae077365f69ae1bd45912f9eaab5d");

    private static final Set<ModelForm> FORMS = DIGESTS.keySet();

    /** Most divergence from the floats, in nats, and least share of equal best tokens. */
    private static final Map<ModelForm, double[]> QUALITY = Map.of(
            ModelForm.Q8, new double[] {0.01, 0.94},
            ModelForm.Q4EXACT, new double[] {0.01, 0.94},
            ModelForm.Q4, new double[] {0.25, 0.72},
            ModelForm.W8A8, new double[] {0.06, 0.87});

    @TempDir
    static Path temp;

    private static DemoModel demo;
    private static Map<ModelForm, VerifiedModel> models;

    @BeforeAll
    static void convert() throws IOException {
        demo = new DemoModel();
        models = new EnumMap<>(ModelForm.class);
        for (ModelForm form : FORMS) {
            models.put(form, demo.convert(form, temp.resolve(form.label())));
        }
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void conversionGivesTheSameBytesOnEveryMachine(ModelForm form) {
        assertThat(models.get(form).manifest().digest()).isEqualTo(new Digest(DIGESTS.get(form)));
    }

    @Test
    void theServedFormIsTheConvertedOne() {
        assertThat(demo.served().manifest().digest()).isEqualTo(models.get(ModelForm.Q8).manifest().digest());
    }

    @Test
    void floatLogitsAreThoseOfTheGoldens() throws Exception {
        List<JsonNode> cases = Models.references("logits.json");
        try (SequenceScorer scorer = scorer(ModelForm.FP32)) {
            for (JsonNode one : cases) {
                int[] ids = StreamSupport.stream(one.get("ids").spliterator(), false).mapToInt(JsonNode::intValue).toArray();
                float[] logits = scorer.logits(ids);
                int last = logits.length - logits.length / ids.length;
                for (JsonNode golden : one.get("top8_next_fp32")) {
                    double difference = logits[last + golden.get(0).intValue()] - golden.get(1).doubleValue();
                    assertThat(Math.abs(difference)).as(one.get("prompt") + " token " + golden.get(0))
                            .isLessThan(1e-3);
                }
            }
        }
    }

    @Test
    void quantisedFormsKeepTheirShareOfTheQualityOfTheFloats() throws Exception {
        compare(windows(text()).subList(0, 3));
    }

    @Test
    @Tag("soak")
    void quantisedFormsKeepTheirShareOfTheQualityOfTheFloatsOverTheWholeText() throws Exception {
        int[] tokens = text();
        assertThat(tokens.length).isGreaterThan(2000);
        report(compare(windows(tokens)));
    }

    private static Map<ModelForm, QualityReport> compare(List<int[]> windows) throws Exception {
        Map<ModelForm, QualityReport> reports = new EnumMap<>(ModelForm.class);
        Map<int[], float[]> reference = floatLogits(windows);
        for (ModelForm form : QUALITY.keySet()) {
            try (SequenceScorer scorer = scorer(form)) {
                reports.put(form, QualityReport.compare(reference::get, window -> logits(scorer, window), windows));
            }
        }
        reports.forEach((form, report) -> {
            assertThat(report.divergence()).as("KL of " + form).isLessThan(QUALITY.get(form)[0]);
            assertThat(report.topOne()).as("equal best tokens of " + form).isGreaterThan(QUALITY.get(form)[1]);
            assertThat(report.perplexityRatio()).as("perplexity of " + form).isBetween(0.97, form == ModelForm.Q4 ? 1.35 : 1.06);
        });
        return reports;
    }

    private static List<int[]> windows(int[] tokens) {
        List<int[]> windows = new ArrayList<>();
        for (int from = 0; from < tokens.length; from += WINDOW) {
            windows.add(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + WINDOW)));
        }
        return windows;
    }

    private static Map<int[], float[]> floatLogits(List<int[]> windows) throws Exception {
        Map<int[], float[]> logits = new IdentityHashMap<>();
        try (SequenceScorer floats = scorer(ModelForm.FP32)) {
            for (int[] window : windows) {
                logits.put(window, floats.logits(window));
            }
        }
        return logits;
    }

    private static float[] logits(SequenceScorer scorer, int[] window) throws IOException {
        try {
            return scorer.logits(window);
        } catch (ModelException e) {
            throw new IOException(e);
        }
    }

    private static void report(Map<ModelForm, QualityReport> reports) throws IOException {
        StringBuilder lines = new StringBuilder("form tokens top1 KL ppl/ppl(fp32)\n");
        reports.forEach((form, report) -> lines.append(String.format(
                Locale.ROOT, "%s %d %.4f %.5f %.4f%n", form.label(), report.tokens(), report.topOne(), report.divergence(),
                report.perplexityRatio())));
        Path target = Path.of(System.getProperty("candor.root"), "inference-node", "target");
        Files.writeString(Files.createDirectories(target).resolve("conversion-quality.txt"), lines);
    }

    private static int[] text() throws IOException {
        try (InputStream in = ConvertedModelTest.class.getResourceAsStream("english.txt");
                Tokenizer tokenizer = HfTokenizer.open(demo.served().tokenizer(), demo.natives())) {
            return tokenizer.encode(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static SequenceScorer scorer(ModelForm form) throws Exception {
        VerifiedModel model = models.get(form);
        return new SequenceScorer(demo.natives(), model.graph(), model.config());
    }
}
