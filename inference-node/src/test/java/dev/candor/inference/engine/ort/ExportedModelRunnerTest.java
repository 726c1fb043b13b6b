package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.exported.ExportedImporter;
import dev.candor.hub.importer.tensor.TensorImporter;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportedModelRunnerTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "exported");
    private static final OrtOptions OPTIONS = new OrtOptions(3, 64, 1, true);

    @TempDir
    private Path folder;

    /** What transformers computed. */
    private record Golden(int[] prompt, int[] answer, float[][] logits) {
        static Golden of(String name) throws IOException {
            JsonNode json = new ObjectMapper().readTree(GOLDEN.resolve(name).resolve("golden.json").toFile());
            int[] prompt = ints(json.path("prompt"));
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(GOLDEN.resolve(name).resolve("logits.f32"))).order(ByteOrder.LITTLE_ENDIAN);
            float[][] logits = new float[prompt.length][bytes.remaining() / prompt.length / Float.BYTES];
            for (float[] row : logits) {
                bytes.asFloatBuffer().get(row);
                bytes.position(bytes.position() + row.length * Float.BYTES);
            }
            return new Golden(prompt, ints(json.path("answer")), logits);
        }

        private static int[] ints(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
        }

        int[] transcript() {
            return IntStream.concat(Arrays.stream(prompt), Arrays.stream(answer)).toArray();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama16", "bloom", "merged", "groupquery"})
    void givesTheLogitsOfTransformersInPrefillsAndDecodes(String name) throws Exception {
        Golden golden = Golden.of(name);
        int length = golden.prompt.length;
        try (ExportedModelRunner runner = open(name)) {
            assertThat(runner.abilities()).isEqualTo(new ExportedModelRunner.Abilities(true, true));
            runner.prefill(1, golden.prompt, 0, length);
            assertClose(runner, 0, golden, length);
            runner.prefill(2, golden.prompt, 0, 5);
            assertClose(runner, 0, golden, 5);
            runner.prefill(2, golden.prompt, 5, 9);
            assertClose(runner, 0, golden, 9);
            runner.prefill(0, golden.prompt, 0, 3);
            for (int i = 3; i < length; i++) {
                runner.decode(new DecodeStep(1, new int[][] {{golden.prompt[i]}}, new int[] {i}, false));
                assertClose(runner, 0, golden, i + 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama16", "bloom", "merged", "groupquery"})
    void sequencesOfUnequalLengthComeAndGoTogether(String name) throws Exception {
        Golden golden = Golden.of(name);
        int[] prompt = golden.prompt;
        try (ExportedModelRunner runner = open(name)) {
            int[] lengths = {8, 2, 5};
            for (int slot = 0; slot < 3; slot++) {
                runner.prefill(slot, prompt, 0, lengths[slot]);
            }
            for (int step = 0; step < 3; step++) {
                decode(runner, golden, lengths, 3);
            }
            // The first leaves, the last takes its place, and a new one comes while two go on.
            runner.copySlot(2, 0, lengths[2]);
            lengths = new int[] {lengths[2], lengths[1], 0};
            decode(runner, golden, lengths, 2);
            runner.prefill(3, prompt, 0, 4);
            runner.copySlot(3, 2, 4);
            lengths[2] = 4;
            decode(runner, golden, lengths, 3);
            decode(runner, golden, lengths, 3);
        }
    }

    /** Gives each sequence the prompt's next token and compares its logits. */
    private static void decode(ExportedModelRunner runner, Golden golden, int[] lengths, int batch) throws ModelException {
        int[][] next = new int[batch][];
        for (int i = 0; i < batch; i++) {
            next[i] = new int[] {golden.prompt[lengths[i]]};
        }
        runner.decode(new DecodeStep(batch, next, lengths, false));
        for (int i = 0; i < batch; i++) {
            lengths[i]++;
            assertClose(runner, i, golden, lengths[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "bloom", "groupquery"})
    void greedyAnswersAreThoseOfTransformersAlsoThroughSavedCaches(String name) throws Exception {
        Golden golden = Golden.of(name);
        int[] all = golden.transcript();
        int prompt = golden.prompt.length;
        try (ExportedModelRunner runner = open(name); Arena arena = Arena.ofConfined()) {
            runner.prefill(0, golden.prompt, 0, prompt);
            List<Integer> answer = new ArrayList<>(List.of(best(runner)));
            MemorySegment saved = arena.allocate(prompt * runner.kvBytesPerToken());
            runner.saveKv(0, 0, prompt, saved);
            runner.trim(0, 0);
            runner.restoreKv(1, 0, prompt, saved);
            runner.copySlot(1, 0, prompt);
            for (int i = prompt; i < all.length - 1; i++) {
                runner.decode(new DecodeStep(1, new int[][] {{all[i]}}, new int[] {i}, false));
                answer.add(best(runner));
            }
            assertThat(answer.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(golden.answer);
        }
    }

    @Test
    void aGraphThatLearntNoPartsAndNoCompanyGivesTheSameResultsWithout() throws Exception {
        Golden golden = Golden.of("llama");
        try (ExportedModelRunner runner = open("llama")) {
            runner.able(new ExportedModelRunner.Abilities(false, false));
            runner.prefill(0, golden.prompt, 0, 4);
            runner.prefill(0, golden.prompt, 4, 7);
            assertClose(runner, 0, golden, 7);
            runner.prefill(1, golden.prompt, 0, 3);
            decode(runner, golden, new int[] {7, 3}, 2);
        }
    }

    @Test
    void saysWhichInputIsUnknown() throws Exception {
        VerifiedModel model = imported("llama");
        rewrite(model.graph(), new GraphValue("token_type_ids", new GraphValue.Tensor(ElementType.INT64, Optional.of(List.of()))));
        assertThatThrownBy(() -> open(model)).isInstanceOf(ModelException.class)
                .hasMessageContaining("asks for the input 'token_type_ids'").hasMessageContaining("position_ids");
    }

    @Test
    void saysWhichInputOfTheCacheIsMissing() throws Exception {
        VerifiedModel model = imported("llama");
        ModelConfig c = model.config();
        ModelConfig more = new ModelConfig(c.graph(), c.tokenizer(), c.chatTemplate(), c.form(), 3, c.heads(), c.kvHeads(), c.headSize(), c.hiddenSize(),
                c.vocabSize(), c.contextLength(), c.bosToken(), c.eosTokens());
        assertThatThrownBy(() -> ExportedModelRunner.open(runtime(), model.folder(), more, OPTIONS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("has no input 'past_key_values.2.key'");
    }

    @Test
    void aFileCutShortIsRefused() throws Exception {
        VerifiedModel model = imported("llama");
        byte[] whole = Files.readAllBytes(model.graph());
        Files.write(model.graph(), Arrays.copyOf(whole, whole.length - 1000));
        assertThatThrownBy(() -> open(model)).isInstanceOf(ModelException.class).hasMessageContaining("is cut short");
    }

    private void rewrite(Path file, GraphValue input) throws IOException {
        OnnxModel model = OnnxModel.read(MemorySegment.ofArray(Files.readAllBytes(file)));
        ModelGraph graph = model.graph();
        List<GraphValue> inputs = new ArrayList<>(graph.inputs());
        inputs.add(input);
        Files.delete(file);
        model.with(model.opsets(), new ModelGraph(graph.name(), graph.nodes(), graph.initializers(), inputs, graph.outputs(), graph.values(), graph.rest()))
                .write(file);
    }

    private ExportedModelRunner open(String name) throws Exception {
        return open(imported(name));
    }

    private static ExportedModelRunner open(VerifiedModel model) throws ModelException {
        return ExportedModelRunner.open(runtime(), model.folder(), model.config(), OPTIONS);
    }

    private static OrtRuntime runtime() {
        return OrtRuntime.load(Models.natives());
    }

    private VerifiedModel imported(String name) throws IOException {
        Path target = Files.createDirectory(folder.resolve(name));
        new ExportedImporter().importModel(
                new TensorImporter().inspect(GOLDEN.resolve(name)),
                new ExportedImporter.Request(new ModelName("candor", name, "1"), "Apache-2.0", Optional.empty(), OptionalInt.empty()),
                target,
                bytes -> {});
        return new ManifestVerifier().verify(target);
    }

    private static int best(ExportedModelRunner runner) {
        float[] logits = new float[runner.vocabSize()];
        runner.readLogits(0, logits);
        return IntStream.range(0, logits.length).reduce(0, (best, i) -> logits[i] > logits[best] ? i : best);
    }

    /** @param length tokens that the sequence has; transformers computed its logits without a cache */
    private static void assertClose(ExportedModelRunner runner, int row, Golden golden, int length) {
        float[] expected = golden.logits[length - 1];
        float[] found = new float[runner.vocabSize()];
        runner.readLogits(row, found);
        float tolerance = runner.info().precision().equals("fp16") ? 0.05f : 1e-4f;
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(tolerance));
        }
    }
}
