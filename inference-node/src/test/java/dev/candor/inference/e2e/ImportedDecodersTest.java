package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.importer.ImportOrder;
import dev.candor.inference.importer.ModelImports;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.StartListener;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoders of other families, from the import to the answers of a node that serves them beside each other. */
class ImportedDecodersTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "golden");

    @TempDir
    private Path folder;

    @BeforeAll
    static void loadRuntime() {
        Models.loadRuntime();
    }

    @Test
    void areServedByNameAndForm() throws Exception {
        importModel(GOLDEN.resolve("gemma3/hf"), "candor-test/gemma@1", ModelForm.Q8);
        importModel(GOLDEN.resolve("llama3/model.gguf"), "candor-test/llama@1", ModelForm.FP32);
        try (CandorNode node = start("candor-test/gemma@1", "candor-test/llama@1:fp32"); HttpClient http = HttpClient.newHttpClient()) {
            for (String name : List.of("candor-test/gemma", "candor-test/llama")) {
                JsonNode answer = chat(http, node.panel().url(), name);

                assertThat(answer.at("/usage/completion_tokens").asInt()).as(answer.toString()).isEqualTo(24);
                assertThat(answer.at("/usage/prompt_tokens").asInt()).isGreaterThan(10);
                assertThat(answer.at("/candor/receipt").isTextual()).isTrue();
                assertThat(chat(http, node.panel().url(), name).at("/choices/0/message")).isEqualTo(answer.at("/choices/0/message"));
            }
        }
    }

    private void importModel(Path source, String name, ModelForm form) throws IOException {
        ImportOrder order = new ImportOrder(
                source.toString(), Optional.of(form), Optional.of(ModelName.parse(name)), Optional.of("Apache-2.0"), Optional.empty(), OptionalInt.empty(), false,
                false);
        new ModelImports(folder.resolve("cache"), ModelCatalog.bundled()).run(order, ProgressListener.none());
    }

    private static JsonNode chat(HttpClient http, String url, String model) throws Exception {
        String body = "{\"model\":\"" + model + "\",\"max_tokens\":24,\"min_tokens\":24,\"ignore_eos\":true,\"temperature\":0,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"the rain in the mountains\"}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return new ObjectMapper().readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private CandorNode start(String... models) throws Exception {
        return CandorNode.start(
                new NodeConfig(
                        new CandorHome(folder.resolve("home")),
                        folder.resolve("cache"),
                        new Listen("127.0.0.1", 0, Optional.empty(), false),
                        List.of(models),
                        Hardware.any(),
                        new Payments(true, Optional.empty(), 31337, false, Optional.empty(), BigInteger.TEN.pow(20)),
                        new Limits(1 << 20, 1 << 20, 8, 2, 128, 0, 1 << 20, 1L << 34)),
                StartListener.silent());
    }
}
