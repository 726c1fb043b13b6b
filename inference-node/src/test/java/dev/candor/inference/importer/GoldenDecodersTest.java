package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.quality.QualityMeter;
import dev.candor.inference.engine.ort.SequenceScorer;
import dev.candor.inference.engine.testing.Models;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny models of every family, imported from either kind of file, against transformers' logits and greedy answers. */
class GoldenDecodersTest {
    private static final float TOLERANCE = 1e-3f;

    @TempDir
    Path temp;

    static Stream<Arguments> sources() {
        return Golden.all().stream().flatMap(golden ->
                Stream.of(Golden.Source.values()).filter(golden::has).map(source -> Arguments.of(golden, source)));
    }

    @ParameterizedTest(name = "{0} from {1}")
    @MethodSource("sources")
    void floatsGiveTheLogitsAndTheAnswerOfTransformers(Golden golden, Golden.Source source) throws Exception {
        VerifiedModel model = golden.convert(source, ModelForm.FP32, temp);
        int[] prompt = golden.prompt();
        int[] answer = golden.answer();
        int[] whole = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, whole, prompt.length, answer.length);
        float[] expected = golden.logits();
        try (SequenceScorer scorer = new SequenceScorer(Models.natives(), model.graph(), model.config())) {
            float[] logits = scorer.logits(whole);

            assertThat(largestDifference(expected, logits)).isLessThan(TOLERANCE);
            assertThat(continuation(logits, prompt.length, whole.length)).isEqualTo(answer);
        }
    }

    static Stream<Arguments> forms() {
        Stream<Arguments> ofFamilies = Stream.of("llama3", "mistral", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3", "phi3_longrope")
                .flatMap(family -> Stream.of(
                        Arguments.of(family, Golden.Source.HF, ModelForm.Q8, 0.02),
                        Arguments.of(family, Golden.Source.HF, ModelForm.W8A8, 0.1)));
        return Stream.concat(ofFamilies, Stream.of(
                Arguments.of("qwen2", Golden.Source.GGUF, ModelForm.Q8, 0.02),
                Arguments.of("qwen2", Golden.Source.HF, ModelForm.Q4, 0.6),
                Arguments.of("gemma3", Golden.Source.GGUF, ModelForm.Q4, 0.6)));
    }

    @ParameterizedTest(name = "{0} from {1} in {2}")
    @MethodSource("forms")
    void otherFormsStayNearTransformers(String family, Golden.Source source, ModelForm form, double bound) throws Exception {
        Golden golden = Golden.all().stream().filter(each -> each.family().equals(family)).findFirst().orElseThrow();
        VerifiedModel model = golden.convert(source, form, temp);
        QualityMeter meter = new QualityMeter();
        try (SequenceScorer scorer = new SequenceScorer(Models.natives(), model.graph(), model.config())) {
            meter.add(golden.logits(), scorer.logits(golden.prompt()), golden.prompt());
        }

        assertThat(meter.report().divergence()).isBetween(0.0, bound);
    }

    /** The best token after each position from the prompt's last on: the greedy answer, if its own tokens were fed. */
    private static int[] continuation(float[] logits, int prompt, int whole) {
        int width = logits.length / whole;
        int[] best = new int[whole - prompt];
        for (int i = 0; i < best.length; i++) {
            best[i] = best(logits, (prompt - 1 + i) * width, width);
        }
        return best;
    }

    private static int best(float[] logits, int from, int width) {
        int best = from;
        for (int i = from; i < from + width; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best - from;
    }

    private static float largestDifference(float[] expected, float[] logits) {
        float largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i] - logits[i]));
        }
        return largest;
    }
}
