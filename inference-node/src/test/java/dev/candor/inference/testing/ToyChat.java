package dev.candor.inference.testing;

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
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.structured.AutomatonCompiler;
import dev.candor.inference.structured.ConstraintLimits;
import dev.candor.inference.text.HfTokenizer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The toy decoder as a model that is served and whose answers can be computed again. */
public final class ToyChat {
    public static final String NAME = ToyModels.NAME.toString();
    /** Renders the date before the messages. */
    public static final String DATED = "Today is {{ strftime_now('%d %B %Y') }}. {% for message in messages %}{{ message['content'] }}{% endfor %}";

    private ToyChat() {}

    /** Puts the toy of a shape into the model store of {@code cache}. */
    public static VerifiedModel publish(Path cache, ToyModels.Shape shape) throws IOException {
        Path made = Files.createTempDirectory(Files.createDirectories(cache), "toy");
        ToyModels.write(made, shape, ModelForm.Q8);
        return publish(cache, made);
    }

    /** Puts the standard toy, with another chat template, into the model store of {@code cache}. */
    public static VerifiedModel publish(Path cache, String template) throws IOException {
        Path made = Files.createTempDirectory(Files.createDirectories(cache), "toy");
        ToyModels.write(made, ToyModels.Shape.standard(), ModelForm.Q8, template);
        return publish(cache, made);
    }

    private static VerifiedModel publish(Path cache, Path made) throws IOException {
        return new ModelStore(cache).publish(ToyModels.NAME, ModelForm.Q8, target -> {
            try (Stream<Path> files = Files.list(made)) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
            return new ManifestVerifier().verify(made).manifest();
        });
    }

    /** A model to be served; whoever gets it closes it. Its engine is a {@link MeddlingEngine}. */
    public static ChatModel open(VerifiedModel toy) throws Exception {
        return open(toy, 2, 8, UnaryOperator.identity());
    }

    /**
     * As {@link #open(VerifiedModel)}.
     *
     * @param slots   sequences at work at once
     * @param waiting sequences that may wait
     * @param around  wraps what runs the model
     */
    public static ChatModel open(VerifiedModel toy, int slots, int waiting, UnaryOperator<ModelRunner> around) throws Exception {
        HfTokenizer tokenizer = HfTokenizer.open(toy.tokenizer(), Models.natives());
        ModelRunner runner = around.apply(
                OrtModelRunner.open(OrtRuntime.load(Models.natives()), toy.folder(), toy.config(), new OrtOptions(slots, 0, 1, false)));
        BatchingEngine engine = BatchingEngine.start(
                runner, tokenizer, toy.config().eosTokens(), new EngineOptions(waiting, 32, Duration.ofSeconds(60)));
        PromptRenderer prompts = PromptRenderer.open(toy, tokenizer, Clock.systemUTC());
        return new ChatModel(
                new ModelBinding(toy.manifest().name(), toy.manifest().digest()), Instant.EPOCH, prompts, tokenizer,
                new AutomatonCompiler(
                        tokenizer.tokenBytes().orElseThrow(), toy.config().eosTokens().stream().mapToInt(id -> id).toArray(), ConstraintLimits.defaults()),
                new MeddlingEngine(engine));
    }

    /** A request for 30 sampled tokens that can be replayed. */
    public static ObjectNode request() {
        return Client.chat("tell me").put("model", NAME).put("verification", "replay").put("temperature", 0.9).put("top_p", 0.95)
                .put("frequency_penalty", 0.2).put("max_tokens", 30).put("min_tokens", 5).put("ignore_eos", true);
    }

    /** Asks the node at {@code url}, and saves the answer with its receipt in {@code folder}. @return the saved file */
    public static Path chat(String url, ObjectNode body, Path folder, Clock clock) throws Exception {
        return ask(url, "v1/chat/completions", body, folder, clock);
    }

    /** As {@link #chat}, at another path. @param path without a slash in front */
    public static Path ask(String url, String path, ObjectNode body, Path folder, Clock clock) throws Exception {
        ReceiptVerifier verifier = new ReceiptVerifier(clock, (rpc, anchor, statement) -> "");
        BundleStore store = new BundleStore(folder, new BundleCodec());
        try (HttpClient http = HttpClient.newHttpClient();
                VerifyingExchange exchange = new VerifyingExchange(
                        new NodeConnection(http, URI.create(url)), Optional.empty(), verifier, VerifyOptions.standard(), store)) {
            ExchangeOutcome outcome = exchange.post(
                    path, body.toString().getBytes(StandardCharsets.UTF_8), Map.of(), AnswerSink.none());
            return folder.resolve(((ExchangeOutcome.Answered) outcome).bundle().id().value() + ".candor.json");
        }
    }

    /** The body that has a saved answer replayed. */
    public static ObjectNode replay(Path saved) throws IOException {
        ObjectNode body = Client.JSON.createObjectNode().put("model", NAME);
        body.set("bundle", Client.JSON.readTree(Files.readAllBytes(saved)));
        return body;
    }
}
