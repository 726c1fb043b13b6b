package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.text.HfTokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo model against reference logits and answers, where model and vectors are there. */
class DemoModelTest {
    private static final int END = 2;
    private static final OrtOptions ORT = new OrtOptions(4, 0, 2, false);

    @Test
    void fp32GivesTheReferenceLogits() throws Exception {
        VerifiedModel model = Models.demo("fp32");
        try (OrtModelRunner runner = open(model)) {
            for (JsonNode one : cases()) {
                float[] logits = nextLogits(runner, ints(one.path("ids")));
                for (JsonNode top : one.path("top8_next_fp32")) {
                    assertThat((double) logits[top.get(0).asInt()]).isCloseTo(top.get(1).asDouble(), within(1e-3));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q8", "q4exact"})
    void quantisedFormsStayNearTheReferenceLogits(String form) throws Exception {
        VerifiedModel model = Models.demo(form);
        try (OrtModelRunner runner = open(model)) {
            for (JsonNode one : cases()) {
                float[] logits = nextLogits(runner, ints(one.path("ids")));
                JsonNode best = one.path("top8_next_fp32");
                for (JsonNode top : best) {
                    assertThat((double) logits[top.get(0).asInt()]).isCloseTo(top.get(1).asDouble(), within(1.5));
                }
                int highest = IntStream.range(0, logits.length).reduce((a, b) -> logits[b] > logits[a] ? b : a).orElseThrow();
                assertThat(StreamSupport.stream(best.spliterator(), false).map(top -> top.get(0).asInt())).contains(highest);
            }
        }
    }

    @Test
    void fp32AnswersAsTheReferenceDoesAllPromptsAtOnce() throws Exception {
        VerifiedModel model = Models.demo("fp32");
        List<Recording> answers = new ArrayList<>();
        List<JsonNode> cases = cases();
        try (HfTokenizer tokenizer = HfTokenizer.open(model.tokenizer(), Models.natives());
                BatchingEngine engine = BatchingEngine.start(open(model), tokenizer, List.of(END), EngineOptions.defaults())) {
            for (JsonNode one : cases) {
                int[] prompt = tokenizer.encode(one.path("rendered").asText());
                assertThat(prompt).isEqualTo(ints(one.path("ids")));
                Recording answer = new Recording();
                int length = one.path("greedy_fp32").size();
                engine.submit(new GenerationRequest(prompt, SamplingParams.greedy(), length, 0, List.of(), false), answer);
                answers.add(answer);
            }
            for (int i = 0; i < cases.size(); i++) {
                GenerationResult result = answers.get(i).result();

                assertThat(result.tokens()).isEqualTo(ints(cases.get(i).path("greedy_fp32")));
                assertThat(result.text()).isEqualTo(cases.get(i).path("text").asText()).isEqualTo(answers.get(i).text());
            }
        }
    }

    @Test
    void aPromptOfSeveralChunksGivesTheBitsOfAWholeOne() throws Exception {
        VerifiedModel model = Models.demo("q8");
        int[] prompt = new Random(4).ints(300, 3, 49_000).toArray();
        try (OrtModelRunner runner = open(model)) {
            float[] whole = nextLogits(runner, prompt);
            runner.prefill(1, prompt, 0, 256);
            runner.prefill(1, prompt, 256, 300);
            float[] chunked = new float[runner.vocabSize()];
            runner.readLogits(0, chunked);

            assertThat(chunked).isEqualTo(whole);
        }
    }

    private static OrtModelRunner open(VerifiedModel model) throws ModelException {
        return OrtModelRunner.open(OrtRuntime.load(Models.natives()), model.folder(), model.config(), ORT);
    }

    private static float[] nextLogits(OrtModelRunner runner, int[] prompt) throws ModelException {
        runner.prefill(0, prompt, 0, prompt.length);
        float[] logits = new float[runner.vocabSize()];
        runner.readLogits(0, logits);
        return logits;
    }

    private static List<JsonNode> cases() throws IOException {
        return Models.references("logits.json");
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }
}
