package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.Generation;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ScoringTask;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.text.HfTokenizer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Replays of answers that a node gave: honest, dishonest and incomparable ones, by the command and by another node. */
class ReplayCommandTest {
    @TempDir
    private Path folder;

    private HttpFixture node;
    private Dishonest engine;

    @BeforeEach
    void serve() throws Exception {
        VerifiedModel toy = publish(folder.resolve("cache"), ToyModels.Shape.standard());
        node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.free());
        HfTokenizer tokenizer = HfTokenizer.open(toy.tokenizer(), Models.natives());
        OrtModelRunner runner = OrtModelRunner.open(OrtRuntime.load(Models.natives()), toy.folder(), toy.config(), new OrtOptions(2, 0, 1, false));
        engine = new Dishonest(BatchingEngine.start(runner, tokenizer, toy.config().eosTokens(), new EngineOptions(8, 32, Duration.ofSeconds(60))));
        PromptRenderer prompts = PromptRenderer.open(toy, tokenizer, Clock.systemUTC());
        node.models.add(new ChatModel(
                new ModelBinding(toy.manifest().name(), toy.manifest().digest()), Instant.EPOCH, prompts.variables(), prompts.template(), tokenizer, engine));
    }

    private static VerifiedModel publish(Path cache, ToyModels.Shape shape) throws Exception {
        Path made = Files.createTempDirectory(Files.createDirectories(cache), "toy");
        ToyModels.write(made, shape, ModelForm.Q8);
        return new ModelStore(cache).publish(ToyModels.NAME, ModelForm.Q8, target -> {
            try (Stream<Path> files = Files.list(made)) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
            return new ManifestVerifier().verify(made).manifest();
        });
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void anHonestAnswerMatchesAndTheCommandTimesItself() throws Exception {
        String id = chat(sampled().put("stream", true));

        Run run = run(id, "--json", "--time");
        JsonNode report = Client.JSON.readTree(run.output());
        assertThat(run.status()).as(run.output() + run.errors()).isZero();
        assertThat(report.path("verdict").asText()).isEqualTo("match");
        assertThat(report.path("answer_tokens").asInt()).isEqualTo(30);
        assertThat(report.path("seconds").asDouble()).isPositive();
        assertThat(report.path("prefill_seconds").asDouble()).isPositive();
        assertThat(report.path("generation_seconds").asDouble()).isPositive();
        assertThat(run(saved(id).toString()).output()).contains("match: all 30 tokens").contains("determinism class");
    }

    @Test
    void anAnswerByOtherParametersThanTheReceiptSaysIsFound() throws Exception {
        engine.lie = true;
        Run run = run(chat(sampled()), "--json");

        JsonNode report = Client.JSON.readTree(run.output());
        assertThat(run.status()).isEqualTo(1);
        assertThat(report.path("verdict").asText()).isEqualTo("mismatch");
        assertThat(report.path("token").isInt()).isTrue();
    }

    @Test
    void aChangedSavedTokenFailsTheReceiptsOwnChecks() throws Exception {
        String id = chat(sampled());
        ObjectNode bundle = (ObjectNode) Client.JSON.readTree(Files.readAllBytes(saved(id)));
        ((ArrayNode) bundle.path("exchange").path("token_ids").get(0)).set(4, 9);
        Path forged = Files.writeString(folder.resolve("forged.candor.json"), bundle.toString());

        Run run = run(forged.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("invalid:").contains("output");
    }

    @Test
    void saysWhyAnAnswerCannotBeCompared() throws Exception {
        String id = chat(sampled());
        Path bare = Files.write(folder.resolve("bare.cose"), new BundleStore(folder.resolve("home/receipts"), new BundleCodec()).load(saved(id)).cose());
        Path elsewhere = folder.resolve("elsewhere");
        publish(elsewhere, new ToyModels.Shape(1, 64, 4, 2, 96, 256));

        Run otherModel = run(id, "--cache", elsewhere.toString());
        assertThat(otherModel.status()).isEqualTo(3);
        assertThat(otherModel.output()).contains("not comparable").contains("neither here nor in the catalog");

        Files.delete(saved(id));
        Run bytesMissing = run(bare.toString());
        assertThat(bytesMissing.status()).isEqualTo(3);
        assertThat(bytesMissing.output()).contains("not at hand");
    }

    @Test
    void anotherNodeReplaysAndSignsItsVerdict() throws Exception {
        String id = chat(sampled());
        ObjectNode body = Client.JSON.createObjectNode().put("model", ToyModels.NAME.toString());
        body.set("bundle", Client.JSON.readTree(Files.readAllBytes(saved(id))));

        HttpResponse<String> answer = replay(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode verdict = Client.JSON.readTree(answer.body()).path("data").path(0);
        assertThat(verdict.path("verdict").asText()).isEqualTo("match");
        assertThat(verdict.path("receipt_id").asText()).isEqualTo(id);
        assertThat(Client.JSON.readTree(answer.body()).path("candor").path("receipt").isTextual()).isTrue();

        engine.lie = true;
        body.set("bundle", Client.JSON.readTree(Files.readAllBytes(saved(chat(sampled())))));
        assertThat(Client.JSON.readTree(replay(body).body()).path("data").path(0).path("verdict").asText()).isEqualTo("mismatch");

        ((ObjectNode) body.path("bundle")).remove("exchange");
        HttpResponse<String> refused = replay(body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not at hand");
        assertThat(replay(body.put("bundle", 5)).statusCode()).isEqualTo(400);
    }

    @Test
    void aModelWithoutThePropertyRefusesReplay() throws Exception {
        try (Client client = new Client(node.url())) {
            HttpResponse<String> refused = client.post(Client.chat("hello").put("verification", "replay"));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("cannot be replayed here");
            JsonNode models = Client.JSON.readTree(client.get("/v1/models").body()).path("data");
            assertThat(models.path(0).path("candor").path("verification").toString()).isEqualTo("[\"none\",\"tee\"]");
            assertThat(models.path(1).path("candor").path("verification").toString()).isEqualTo("[\"none\",\"tee\",\"replay\"]");
        }
    }

    private ObjectNode sampled() {
        return Client.chat("tell me").put("model", ToyModels.NAME.toString()).put("verification", "replay").put("temperature", 0.9).put("top_p", 0.95)
                .put("frequency_penalty", 0.2).put("max_tokens", 30).put("min_tokens", 5).put("ignore_eos", true);
    }

    /** @return the receipt's id */
    private String chat(ObjectNode body) throws Exception {
        NodeConnection connection = new NodeConnection(HttpClient.newHttpClient(), URI.create(node.url()));
        ReceiptVerifier verifier = new ReceiptVerifier(Clock.systemUTC(), (rpc, anchor, statement) -> "");
        BundleStore store = new BundleStore(folder.resolve("home").resolve("receipts"), new BundleCodec());
        try (VerifyingExchange exchange = new VerifyingExchange(connection, Optional.empty(), verifier, VerifyOptions.standard(), store)) {
            ExchangeOutcome outcome = exchange.post(
                    "v1/chat/completions", body.toString().getBytes(StandardCharsets.UTF_8), Map.of(), AnswerSink.none());
            return ((ExchangeOutcome.Answered) outcome).bundle().id().value();
        }
    }

    private HttpResponse<String> replay(JsonNode body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(node.url() + "/v1/replay")).header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private Path saved(String id) {
        return folder.resolve("home").resolve("receipts").resolve(id + ".candor.json");
    }

    private record Run(int status, String output, String errors) {}

    private Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        Stream<String> given = Stream.of("replay", "--home", folder.resolve("home").toString(), "--node", node.url());
        Stream<String> cache = List.of(arguments).contains("--cache") ? Stream.of() : Stream.of("--cache", folder.resolve("cache").toString());
        int status = line.execute(Stream.of(given, cache, Stream.of(arguments)).flatMap(each -> each).toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    /** Samples by another seed than it says, if told to. */
    private static final class Dishonest implements InferenceEngine {
        private final BatchingEngine honest;
        private volatile boolean lie;

        Dishonest(BatchingEngine honest) {
            this.honest = honest;
        }

        @Override
        public Generation submit(GenerationRequest r, GenerationListener listener) throws EngineOverloadedException {
            SamplingParams s = r.sampling();
            SamplingParams used = lie
                    ? new SamplingParams(s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed() + 1)
                    : s;
            return honest.submit(new GenerationRequest(r.promptTokens(), used, r.maxTokens(), r.minTokens(), r.stopStrings(), r.ignoreEos(), r.terms()), listener);
        }

        @Override
        public boolean replayable() {
            return honest.replayable();
        }

        @Override
        public void score(ScoringTask task) throws EngineOverloadedException {
            honest.score(task);
        }

        @Override
        public int[] endTokens() {
            return honest.endTokens();
        }

        @Override
        public int vocabSize() {
            return honest.vocabSize();
        }

        @Override
        public EngineInfo info() {
            return honest.info();
        }

        @Override
        public EngineStats stats() {
            return honest.stats();
        }

        @Override
        public boolean healthy() {
            return honest.healthy();
        }

        @Override
        public void close() {
            honest.close();
        }
    }
}
