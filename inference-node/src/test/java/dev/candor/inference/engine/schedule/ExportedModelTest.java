package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.exported.ExportedImporter;
import dev.candor.hub.importer.tensor.TensorImporter;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.ort.ExportedModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.text.HfTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportedModelTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "exported");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "bloom", "groupquery"})
    void manySequencesInTheBatchAnswerAsTransformersDoes(String name) throws Exception {
        JsonNode golden = new ObjectMapper().readTree(GOLDEN.resolve(name).resolve("golden.json").toFile());
        int[] prompt = ints(golden.path("prompt"));
        int[] answer = ints(golden.path("answer"));
        VerifiedModel model = imported(name);
        ExportedModelRunner runner =
                ExportedModelRunner.open(OrtRuntime.load(Models.natives()), model.folder(), model.config(), new OrtOptions(3, 64, 1, true));
        try (HfTokenizer tokenizer = HfTokenizer.open(model.tokenizer(), Models.natives());
                BatchingEngine engine = BatchingEngine.start(runner, tokenizer, List.of(), new EngineOptions(100, 4, Duration.ofSeconds(60)))) {
            List<Recording> heard = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                // The transcript from any place on goes on as it did.
                int given = i % 3;
                int[] start = IntStream.concat(Arrays.stream(prompt), Arrays.stream(answer, 0, given)).toArray();
                Recording one = new Recording();
                heard.add(one);
                engine.submit(new GenerationRequest(start, SamplingParams.greedy(), answer.length - given, 0, List.of(), true), one);
            }
            for (int i = 0; i < heard.size(); i++) {
                assertThat(heard.get(i).result().tokens()).isEqualTo(Arrays.copyOfRange(answer, i % 3, answer.length));
            }
        }
    }

    private VerifiedModel imported(String name) throws Exception {
        Path target = Files.createDirectory(folder.resolve(name));
        new ExportedImporter().importModel(
                new TensorImporter().inspect(GOLDEN.resolve(name)),
                new ExportedImporter.Request(new ModelName("candor", name, "1"), "Apache-2.0", Optional.empty(), OptionalInt.empty()),
                target,
                bytes -> {});
        return new ManifestVerifier().verify(target);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }
}
