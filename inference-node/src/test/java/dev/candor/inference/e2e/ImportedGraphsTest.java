package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.StartListener;
import dev.candor.inference.testing.Client;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph of tensors and a language model of an exporter, from the import to the answers of a node. */
class ImportedGraphsTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void loadRuntime() {
        Models.loadRuntime();
    }

    @Test
    void areImportedServedUnloadedAndLoaded() throws Exception {
        ImportedToys.bringIn(folder, folder.resolve("cache"));
        try (CandorNode node = start(); HttpClient http = HttpClient.newHttpClient()) {
            String url = node.panel().url();
            assertThat(json(post(http, url + "/v2/models/candor-test/sums/infer", ImportedToys.SUMS_BODY)).path("outputs").get(0).path("data").toString())
                    .isEqualTo("[5.0,7.0,9.0]");
            JsonNode answer = json(post(http, url + "/v1/chat/completions", ImportedToys.CHAT_BODY));
            assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
            assertThat(answer.at("/candor/receipt").isTextual()).isTrue();
            assertThat(json(post(http, url + "/v2/models/candor-test/exported/infer", ImportedToys.SUMS_BODY)).path("error").asText()).contains("/v1/chat/completions");

            assertThat(operator(http, url + "/v2/repository/models/candor-test/exported/unload").statusCode()).isEqualTo(200);
            assertThat(post(http, url + "/v1/chat/completions", ImportedToys.CHAT_BODY).statusCode()).isEqualTo(404);
            assertThat(json(get(http, url + "/node/status")).path("unloaded_models").toString()).contains(ImportedToys.CHAT, "unavailable");
            assertThat(get(http, url + "/readyz").statusCode()).isEqualTo(200);
            assertThat(operator(http, url + "/v2/repository/models/candor-test/exported/load").statusCode()).isEqualTo(200);
            assertThat(json(post(http, url + "/v1/chat/completions", ImportedToys.CHAT_BODY)).at("/choices/0/message")).isEqualTo(answer.at("/choices/0/message"));
        }
    }

    private CandorNode start() throws Exception {
        return CandorNode.start(
                new NodeConfig(
                        new CandorHome(folder.resolve("home")),
                        folder.resolve("cache"),
                        new Listen("127.0.0.1", 0, Optional.empty(), false),
                        List.of(ImportedToys.SUMS, ImportedToys.CHAT),
                        Hardware.any(),
                        new Payments(true, Optional.empty(), 31337, false, Optional.empty(), BigInteger.TEN.pow(20)),
                        new Limits(1 << 20, 1 << 20, 8, 2, 64, 0, 1 << 20, 1L << 34)),
                StartListener.silent());
    }

    private HttpResponse<byte[]> operator(HttpClient http, String url) throws IOException, InterruptedException {
        String token = Files.readString(folder.resolve("home").resolve("operator.token")).strip();
        return http.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMinutes(2)).header("authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> post(HttpClient http, String url, String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMinutes(2)).header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> get(HttpClient http, String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return Client.JSON.readTree(answer.body());
    }
}
