package dev.candor.inference.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private final RouteTable table = new RouteTable();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/v1/embeddings|POST|100",
        "/v2/models/local/sums/infer|POST|200",
        "/v2/models/local/workload|GET|0",
        "/livez|GET, HEAD|0",
        "/nowhere||0"
    })
    void knowsWhatEachPathTakes(String path, String methods, int maxBody) {
        table.add(ApiRoute.of("POST", "/v1/embeddings", "createEmbedding").takingJson(100));
        table.add(ApiRoute.of("POST", "/v2/models/{model*}/infer", "infer").takingBytes(200));
        table.add(ApiRoute.of("GET", "/v2/models/{model*}", "getModelMetadata"));
        table.add(ApiRoute.of("GET", "/livez", "getLiveness"));
        table.add(ApiRoute.of("HEAD", "/livez", "getLiveness:head"));
        assertThat(String.join(", ", table.methods(path))).isEqualTo(methods == null ? "" : methods);
        assertThat(table.maxBody(path).orElse(0)).isEqualTo(maxBody);
    }

    @Test
    void noRouteIsMountedTwice() {
        table.add(ApiRoute.of("GET", "/v1/models", "listModels"));
        assertThatThrownBy(() -> table.add(ApiRoute.of("GET", "/v1/models", "getModel"))).hasMessageContaining("mounted twice");
        assertThatThrownBy(() -> table.add(ApiRoute.of("GET", "/v1/other", "listModels"))).hasMessageContaining("mounted twice");
    }

    @Test
    void thereIsNoRouteWithoutItsDescription() {
        assertThatThrownBy(() -> ApiRoute.of("GET", "/v1/secret", "getSecret")).hasMessageContaining("operations/getSecret.json");
    }
}
