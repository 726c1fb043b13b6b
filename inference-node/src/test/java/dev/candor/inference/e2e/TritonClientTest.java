package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.onnx.ElementType;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.TensorModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TritonClientTest {
    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("bool", ElementType.BOOL), Map.entry("uint8", ElementType.UINT8), Map.entry("uint16", ElementType.UINT16),
            Map.entry("uint32", ElementType.UINT32), Map.entry("uint64", ElementType.UINT64), Map.entry("int8", ElementType.INT8),
            Map.entry("int16", ElementType.INT16), Map.entry("int32", ElementType.INT32), Map.entry("int64", ElementType.INT64),
            Map.entry("float16", ElementType.FLOAT16), Map.entry("float32", ElementType.FLOAT), Map.entry("float64", ElementType.DOUBLE),
            Map.entry("object", ElementType.STRING));

    @TempDir
    private Path folder;

    @Test
    void theOfficialClientWorksUnmodified() throws Exception {
        ClientPackages clients = ClientPackages.install();
        try (HttpFixture node = new HttpFixture(folder, HttpFixture.Setup.free())) {
            Path sums = TensorGraphs.arithmetic(Files.createDirectory(folder.resolve("sums")));
            node.models.add(TensorModels.open("candor/sums@1", sums));
            node.control.offer("candor/sums@1", () -> TensorModels.open("candor/sums@1", sums));
            for (Map.Entry<String, ElementType> type : TYPES.entrySet()) {
                Path same = TensorGraphs.identity(Files.createDirectory(folder.resolve(type.getKey())), type.getValue());
                node.models.add(TensorModels.open("candor/same-" + type.getKey() + "@1", same));
            }
            check(clients.python("triton_http.py", "127.0.0.1:" + node.port(), HttpFixture.OPERATOR_TOKEN));
            node.models.close();
        }
    }

    private static void check(JsonNode seen) {
        for (String truth : new String[] {"live", "ready", "modelReady", "binary", "all", "json", "loaded", "async"}) {
            assertThat(seen.path(truth).asBoolean()).as(truth).isTrue();
        }
        assertThat(seen.path("extensions").toString()).contains("binary_tensor_data");
        assertThat(seen.path("metadata").path("platform").asText()).isEqualTo("onnxruntime_onnx");
        assertThat(seen.path("id").asText()).isEqualTo("7");
        assertThat(seen.path("receipt").asText()).startsWith("rcpt_");
        assertThat(seen.path("types").size()).isEqualTo(TYPES.size());
        seen.path("types").properties().forEach(type -> assertThat(type.getValue().asBoolean()).as(type.getKey()).isTrue());
        assertThat(seen.path("error").asText()).contains("The input 'b' is missing");
        assertThat(seen.path("unloaded").asBoolean()).isFalse();
        assertThat(seen.path("index").toString()).contains("UNAVAILABLE");
    }
}
