package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.tensor.TensorImporter;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.cuda.CudaProbe;
import dev.candor.inference.engine.ort.cuda.DecoderRunners;
import dev.candor.inference.engine.ort.device.DevicePreference;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.http.ModelControl;
import dev.candor.inference.http.Models;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.testing.CharTokenizer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model whose files were damaged after the node had verified them is not loaded, with a reason in plain words, and the others go on. */
@Timeout(180)
class DamagedModelTest {
    private static final GenerationRequest BESIDE =
            new GenerationRequest(new int[] {1, 2, 3, 4}, SamplingParams.greedy(), 400, 0, List.of(), true);

    @TempDir
    private Path folder;

    private final Models served = new Models();
    private final Recording beside = new Recording();
    private ScriptedRunner runner;
    private InferenceEngine engine;

    @BeforeAll
    static void loadRuntime() {
        dev.candor.inference.engine.testing.Models.loadRuntime();
    }

    @BeforeEach
    void serveAnother() throws Exception {
        runner = new ScriptedRunner(ScriptedRunner.Shape.plain());
        engine = BatchingEngine.start(runner, new CharTokenizer(), List.of(127), new EngineOptions(8, 256, Duration.ofSeconds(30)));
        runner.holdAfter(20);
        engine.submit(BESIDE, beside);
        runner.awaitHeld();
    }

    @AfterEach
    void theOtherEndsUndisturbed() throws Exception {
        runner.release();
        assertThat(beside.result().tokens()).hasSize(400);
        engine.close();
        served.close();
    }

    @Test
    void weightsThatAreCutShortAreNamed() throws Exception {
        VerifiedModel toy = ToyModels.write(Files.createDirectories(folder.resolve("toy")));
        cut(toy.folder().resolve(toy.graph().getFileName() + ".data"));
        assertNotLoaded(toy, "model.onnx.data, which has ", "the file is cut short or not the model's");
    }

    @Test
    void aGraphThatIsCutShortIsNamed() throws Exception {
        VerifiedModel toy = ToyModels.write(Files.createDirectories(folder.resolve("toy")));
        cut(toy.graph());
        assertNotLoaded(toy, "model.onnx cannot be read as an ONNX model: ", "is cut short, damaged or something else");
    }

    @Test
    void aGraphThatIsSomethingElseIsNamed() throws Exception {
        VerifiedModel sums = sums();
        Files.writeString(sums.graph(), "this was a model once");
        assertNotLoaded(sums, "model.onnx cannot be read as an ONNX model: ", "download or export it again");
    }

    @Test
    void aGraphThatSaysItIsLongerThanItIsIsNamed() throws Exception {
        VerifiedModel sums = sums();
        byte[] lying = Files.readAllBytes(sums.graph());
        Files.write(sums.graph(), Arrays.copyOf(lying, lying.length - 7));
        assertNotLoaded(sums, "bytes should follow");
    }

    @Test
    void aTokenizerOfAnotherModelIsNamed() throws Exception {
        VerifiedModel toy = ToyModels.write(Files.createDirectories(folder.resolve("toy")));
        String tokenizer = Files.readString(toy.tokenizer(), StandardCharsets.UTF_8);
        assertThat(tokenizer).contains("\"Ġthe\"");
        Files.writeString(toy.tokenizer(), tokenizer.replaceFirst("(\"Ġthe\"\\s*:\\s*)\\d+", "$190000"));
        assertNotLoaded(toy, "tokenizer", "does not fit the model");
    }

    @Test
    void aTokenizerThatIsCutShortIsNamed() throws Exception {
        VerifiedModel toy = ToyModels.write(Files.createDirectories(folder.resolve("toy")));
        cut(toy.tokenizer());
        assertNotLoaded(toy, "tokenizer");
    }

    private VerifiedModel sums() throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        TensorImporter importer = new TensorImporter();
        importer.importModel(importer.inspect(TensorGraphs.arithmetic(folder)), new ModelName("local", "sums", "1"), "NOASSERTION", target, bytes -> {});
        return new ManifestVerifier().verify(target);
    }

    private static void cut(Path file) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    }

    private void assertNotLoaded(VerifiedModel model, String... reason) throws Exception {
        DecoderRunners decoders = new DecoderRunners(DevicePreference.CPU, CudaProbe.system(NativeSet.onClassPath(), Map.of()));
        ModelOpener opener = new ModelOpener(
                config(), Clock.systemUTC(), decoders, new KvLedger(0, List.of()), new ConversionAge(ModelCatalog.bundled()));
        ModelSwitch control = new ModelSwitch(List.of(model), served, opener::open, new NodeMetrics());
        String name = model.manifest().name();
        assertThatThrownBy(() -> control.load(name))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.MODEL_UNAVAILABLE))
                .hasMessageContaining("The model " + name + " could not be loaded: ")
                .message().contains(reason).doesNotContain("ORT_", "Protobuf", "Error code");
        assertThat(control.index().getFirst().state()).isEqualTo(ModelControl.State.UNAVAILABLE);
        assertThat(control.index().getFirst().reason()).isNotEmpty();
        assertThat(served.all()).isEmpty();
    }

    private NodeConfig config() {
        return new NodeConfig(
                new CandorHome(folder.resolve("home")), folder.resolve("cache"), new Listen("127.0.0.1", 0, Optional.empty(), false), List.of("model"),
                Hardware.any(), new Payments(true, Optional.empty(), 31_337, false, Optional.empty(), BigInteger.ONE),
                new Limits(1, 1, 8, 2, 0, 0, 1, 1));
    }
}
