package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.ort.SequenceScorer;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo model in its three forms: bytes, logits against goldens, and quality against the fp32 form over a text of more than 2000 tokens. */
class ConvertedModelTest {
    private static final int WINDOW = 256;
    private static final Map<ModelForm, String> DIGESTS = Map.of(
            ModelForm.FP32, "e300b1646e7b4675a2f5343989875b6ae66f22eb6a3ede37b9162875943e4748",
            ModelForm.Q8, "18147e94f33e7af3ee71496e327b0eae6a6cac00c9d4cf2fbaadb5174ddcbc77",
            ModelForm.Q4EXACT, "5f2c52d8727986025c70ae89dddd6714d0105b25ebe248454d3a3c4ff56eb8e8");

    @TempDir
    static Path temp;

    private static DemoModel demo;
    private static Map<ModelForm, VerifiedModel> models;

    @BeforeAll
    static void convert() throws IOException {
        demo = new DemoModel();
        models = new EnumMap<>(ModelForm.class);
        for (ModelForm form : ModelForm.values()) {
            models.put(form, demo.convert(form, temp.resolve(form.label())));
        }
    }

    @ParameterizedTest
    @EnumSource(ModelForm.class)
    void conversionGivesTheSameBytesOnEveryMachine(ModelForm form) {
        assertThat(models.get(form).manifest().digest()).isEqualTo(new Digest(DIGESTS.get(form)));
    }

    @Test
    void theServedFormIsTheConvertedOne() {
        assertThat(demo.served().manifest()).isEqualTo(models.get(ModelForm.Q8).manifest());
    }

    @Test
    void floatLogitsAreWithinAThousandthOfTheGoldens() throws Exception {
        JsonNode cases = new ObjectMapper().readTree(DemoModel.vector("logits.json").toFile()).get("cases");
        try (SequenceScorer scorer = scorer(ModelForm.FP32)) {
            for (JsonNode one : cases) {
                int[] ids = StreamSupport.stream(one.get("ids").spliterator(), false).mapToInt(JsonNode::intValue).toArray();
                float[] logits = scorer.logits(ids);
                int last = logits.length - logits.length / ids.length;
                for (JsonNode golden : one.get("top8_next_fp32")) {
                    double difference = logits[last + golden.get(0).intValue()] - golden.get(1).doubleValue();
                    assertThat(difference).as(one.get("prompt") + " token " + golden.get(0)).isBetween(-1e-3, 1e-3);
                }
            }
        }
    }

    @Test
    void quantisedFormsKeepTheQualityOfTheFloats() throws Exception {
        int[] tokens = text();
        assertThat(tokens.length).isGreaterThan(2000);
        Map<String, Agreement> agreements = new LinkedHashMap<>();
        agreements.put(ModelForm.Q8.label(), new Agreement());
        agreements.put(ModelForm.Q4EXACT.label(), new Agreement());
        try (SequenceScorer floats = scorer(ModelForm.FP32);
                SequenceScorer eight = scorer(ModelForm.Q8);
                SequenceScorer four = scorer(ModelForm.Q4EXACT)) {
            for (int from = 0; from < tokens.length; from += WINDOW) {
                int[] window = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + WINDOW));
                float[] reference = floats.logits(window);
                agreements.get(ModelForm.Q8.label()).add(reference, eight.logits(window), window);
                agreements.get(ModelForm.Q4EXACT.label()).add(reference, four.logits(window), window);
            }
        }
        report(agreements);
        assertThat(agreements.values()).allSatisfy(agreement -> {
            assertThat(agreement.topOne()).isGreaterThan(0.94);
            assertThat(agreement.divergence()).isLessThan(0.01);
            assertThat(agreement.perplexityRatio()).isBetween(0.97, 1.03);
        });
    }

    private static void report(Map<String, Agreement> agreements) throws IOException {
        StringBuilder lines = new StringBuilder("form tokens top1 KL ppl/ppl(fp32)\n");
        agreements.forEach((form, agreement) -> lines.append(String.format(
                Locale.ROOT, "%s %d %.4f %.5f %.4f%n", form, agreement.rows(), agreement.topOne(), agreement.divergence(),
                agreement.perplexityRatio())));
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
