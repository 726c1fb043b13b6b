package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.MeddlingEngine;
import dev.candor.inference.testing.ToyChat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
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
    private MeddlingEngine engine;

    @BeforeEach
    void serve() throws Exception {
        VerifiedModel toy = ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard());
        node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.free());
        ChatModel model = ToyChat.open(toy);
        engine = (MeddlingEngine) model.engine();
        node.models.add(model);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void anHonestAnswerMatchesAndTheCommandTimesItself() throws Exception {
        String id = chat(ToyChat.request().put("stream", true));

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
        engine.lie();
        Run run = run(chat(ToyChat.request()), "--json");

        JsonNode report = Client.JSON.readTree(run.output());
        assertThat(run.status()).isEqualTo(1);
        assertThat(report.path("verdict").asText()).isEqualTo("mismatch");
        assertThat(report.path("token").isInt()).isTrue();
    }

    @Test
    void aChangedSavedTokenFailsTheReceiptsOwnChecks() throws Exception {
        String id = chat(ToyChat.request());
        ObjectNode bundle = (ObjectNode) Client.JSON.readTree(Files.readAllBytes(saved(id)));
        ((ArrayNode) bundle.path("exchange").path("token_ids").get(0)).set(4, 9);
        Path forged = Files.writeString(folder.resolve("forged.candor.json"), bundle.toString());

        Run run = run(forged.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("invalid:").contains("output");
    }

    @Test
    void saysWhyAnAnswerCannotBeCompared() throws Exception {
        String id = chat(ToyChat.request());
        Path bare = Files.write(folder.resolve("bare.cose"), new BundleStore(folder.resolve("home/receipts"), new BundleCodec()).load(saved(id)).cose());
        Path elsewhere = folder.resolve("elsewhere");
        ToyChat.publish(elsewhere, new ToyModels.Shape(1, 64, 4, 2, 96, 256));

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
        String id = chat(ToyChat.request());
        ObjectNode body = Client.JSON.createObjectNode().put("model", ToyModels.NAME.toString());
        body.set("bundle", Client.JSON.readTree(Files.readAllBytes(saved(id))));

        HttpResponse<String> answer = replay(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode verdict = Client.JSON.readTree(answer.body()).path("data").path(0);
        assertThat(verdict.path("verdict").asText()).isEqualTo("match");
        assertThat(verdict.path("receipt_id").asText()).isEqualTo(id);
        assertThat(Client.JSON.readTree(answer.body()).path("candor").path("receipt").isTextual()).isTrue();

        engine.lie();
        body.set("bundle", Client.JSON.readTree(Files.readAllBytes(saved(chat(ToyChat.request())))));
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

    /** @return the receipt's id */
    private String chat(ObjectNode body) throws Exception {
        Path saved = ToyChat.chat(node.url(), body, folder.resolve("home").resolve("receipts"), Clock.systemUTC());
        return saved.getFileName().toString().replace(".candor.json", "");
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
}
