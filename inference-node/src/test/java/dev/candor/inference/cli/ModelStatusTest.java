package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ModelStatusTest {
    private static final String STATUS = """
            {"models":[
              {"id":"me/chat@1","task":"chat","form":"q8","context_length":320,"context_cut_from":2048,"digest":"aa",
               "load":{"running":3,"waiting":1,"slots":8},"kv_memory":{"used_bytes":1048576,"limit_bytes":67108864,"prefix_cache_bytes":0}},
              {"id":"me/sums@1","task":"tensor","form":"onnx","context_length":0,"digest":"bb","load":{"running":0,"waiting":0,"slots":1}}],
             "unloaded_models":[
              {"id":"me/gone@1","state":"unavailable","reason":"unloaded"},
              {"id":"me/coming@1","state":"loading","reason":""},
              {"id":"me/bad@1","state":"unavailable","reason":"no memory"}],
             "kv_memory":{"limit_bytes":134217728,"promised_bytes":67108864},
             "queue":{"running":3,"waiting":1,"slots":9,"max_waiting":256},"tokens_per_second":12.5}
            """;

    @Test
    void showsEachModelsPlacesMemoryAndWhyItIsNotThere() throws Exception {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        new ModelStatus(out).print(new ObjectMapper().readTree(STATUS));
        out.flush();

        assertThat(text.toString().lines().map(line -> line.replaceAll(" +", " "))).containsExactly(
                "model me/chat@1 (chat, q8, context 320, cut from 2048: raise --kv-memory) sha256:aa",
                "model me/sums@1 (tensor, onnx) sha256:bb",
                "unloaded me/gone@1: not loaded; its operator loads it by POST /v2/repository/models/me/gone@1/load with the token in the file operator.token",
                "unloaded me/coming@1: being loaded",
                "unloaded me/bad@1: not available (no memory); its operator loads it by POST /v2/repository/models/me/bad@1/load with the token in the file"
                        + " operator.token",
                "memory 1 of 64 MiB for keys and values, 0 MiB of it prefix cache: me/chat@1",
                "memory 64 of 128 MiB for keys and values promised to chat models",
                "load 3 running of 8 at once, 1 waiting: me/chat@1",
                "load 0 running of 1 at once, 0 waiting: me/sums@1",
                "load 3 running, 1 waiting of 256, 12.5 tokens/s in all");
    }

    @Test
    void aClientThatFindsNoModelOfItsTaskIsToldWhichAreNotLoadedAndHowToLoadThem() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, "/v1/models", "{\"data\":[{\"id\":\"me/sums@1\",\"candor\":{\"task\":\"tensor\"}}]}");
        answer(server, "/node/status", STATUS);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            ServedModels models = new ServedModels(new NodeConnection(http, URI.create(url)));
            assertThat(models.first("tensor")).isEqualTo("me/sums@1");
            assertThatThrownBy(() -> models.first("chat")).isInstanceOf(NodeException.class)
                    .hasMessageStartingWith("the node serves no chat model now: me/gone@1, me/coming@1, me/bad@1 it has, but not loaded; ")
                    .hasMessageContaining("operator.token").hasMessageEndingWith(url + "/v2/repository/models/me/gone@1/load");
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpServer server, String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
