package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.StartException;
import dev.candor.inference.node.StartListener;
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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several chat models of one node share one bound on the memory for keys and values, whatever is loaded and unloaded. */
class SharedKvMemoryTest {
    private static final int CONTEXT = 512;
    /** Of a toy, for 64 tokens. */
    private static final long BLOCK = 32 << 10;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private String url;

    @BeforeAll
    static void loadRuntime() {
        Models.loadRuntime();
    }

    @BeforeEach
    void importModels() throws IOException {
        Path gguf = folder.resolve("toy.gguf");
        Files.write(gguf, ToyModels.gguf(new ToyModels.Shape(2, 64, 4, 2, 128, CONTEXT)).build());
        for (String name : List.of("a", "b", "c")) {
            ModelName full = new ModelName("local", name, "1");
            new ModelStore(folder.resolve("cache")).publish(full, ModelForm.Q8, target -> new GgufImporter()
                    .convert(gguf, target, new ImportRequest(full, "Apache-2.0", ModelForm.Q8, Optional.empty())));
        }
    }

    @Test
    void theTotalHoldsWhileModelsAreUnloadedAndLoadedAndEachSaysItsPart() throws Exception {
        long total = 3 * 8 * BLOCK;
        try (CandorNode node = start(total, "local/a@1", "local/b@1", "local/c@1")) {
            url = node.panel().url();
            assertThat(node.panel().text())
                    .contains("context cut to 256 of 512 tokens, more by --kv-memory")
                    .contains("are promised to the 3 chat models");
            assertParts(total, "local/a@1", "local/b@1", "local/c@1");

            for (String name : List.of("a", "c")) {
                assertThat(change(name, "unload").statusCode()).isEqualTo(200);
            }
            assertParts(total, "local/b@1");
            HttpResponse<String> refused = chat("a");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("model_not_loaded").contains("/v2/repository/models/local/a@1/load");
            assertThat(chat("d").body()).contains("model_not_found");

            for (String name : List.of("c", "a")) {
                assertThat(change(name, "load").statusCode()).isEqualTo(200);
            }
            assertParts(total, "local/a@1", "local/b@1", "local/c@1");
            for (String name : List.of("a", "b", "c")) {
                assertThat(chat(name).statusCode()).isEqualTo(200);
            }
            assertParts(total, "local/a@1", "local/b@1", "local/c@1");
        }
    }

    @Test
    void aTotalThatIsTooSmallForTheModelsSaysWhatIsNeeded() {
        assertThatThrownBy(() -> start(7 * BLOCK, "local/a@1", "local/b@1").close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("too small")
                .hasMessageContaining("131072 are the least")
                .hasMessageContaining("--kv-memory");
    }

    private void assertParts(long total, String... loaded) throws Exception {
        JsonNode status = new ObjectMapper().readTree(http.send(
                HttpRequest.newBuilder(URI.create(url + "/node/status")).build(), HttpResponse.BodyHandlers.ofString()).body());
        List<JsonNode> models = StreamSupport.stream(status.path("models").spliterator(), false).toList();
        assertThat(models).extracting(model -> model.path("id").asText()).containsExactlyInAnyOrder(loaded);
        assertThat(status.at("/kv_memory/limit_bytes").asLong()).isEqualTo(total);
        assertThat(status.at("/kv_memory/promised_bytes").asLong()).isEqualTo(loaded.length * 8 * BLOCK);
        for (JsonNode model : models) {
            assertThat(model.at("/kv_memory/promised_bytes").asLong()).isEqualTo(8 * BLOCK).isEqualTo(model.at("/kv_memory/limit_bytes").asLong());
            assertThat(model.at("/kv_memory/used_bytes").asLong()).isLessThanOrEqualTo(8 * BLOCK);
            assertThat(model.path("context_length").asInt()).isEqualTo(256);
            assertThat(model.path("context_cut_from").asInt()).isEqualTo(CONTEXT);
        }
    }

    private HttpResponse<String> change(String model, String what) throws Exception {
        String token = Files.readString(new CandorHome(folder.resolve("home")).operatorToken()).strip();
        return post("/v2/repository/models/local/" + model + "@1/" + what, "{}", token);
    }

    private HttpResponse<String> chat(String model) throws Exception {
        return post("/v1/chat/completions", "{\"model\":\"" + model + "\",\"max_tokens\":16,\"min_tokens\":16,\"ignore_eos\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"the rain in the mountains\"}]}", "none");
    }

    private HttpResponse<String> post(String path, String body, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private CandorNode start(long kvMemory, String... models) throws Exception {
        return CandorNode.start(
                new NodeConfig(
                        new CandorHome(folder.resolve("home")),
                        folder.resolve("cache"),
                        new Listen("127.0.0.1", 0, Optional.empty(), false),
                        List.of(models),
                        Hardware.any(),
                        new Payments(true, Optional.empty(), 31337, false, Optional.empty(), BigInteger.TEN.pow(20)),
                        new Limits(1 << 20, 1 << 20, 8, 2, CONTEXT, kvMemory, 1 << 20, 1L << 34)),
                StartListener.silent());
    }
}
