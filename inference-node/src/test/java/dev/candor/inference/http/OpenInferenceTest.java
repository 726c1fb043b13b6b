package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ChainAnchorLookup;
import dev.candor.client.verify.Check;
import dev.candor.client.verify.CheckName;
import dev.candor.client.verify.CheckResult;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.hub.onnx.ElementType;
import dev.candor.inference.engine.tensor.TensorOptions;
import dev.candor.inference.engine.testing.TensorGraphs;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.ContractHttpClient;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.TensorModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenInferenceTest {
    private static final String INFER = "/v2/models/candor/sums/infer";

    @TempDir
    private static Path home;

    private static HttpFixture node;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        node = new HttpFixture(home, HttpFixture.Setup.free());
        Path sums = TensorGraphs.arithmetic(Files.createDirectory(home.resolve("sums")));
        node.models.add(TensorModels.open("candor/sums@1", sums));
        node.control.offer("candor/sums@1", () -> TensorModels.open("candor/sums@1", sums));
        http = ContractHttpClient.create();
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        node.close();
        node.models.close();
    }

    @Test
    void tellsWhatItIsAndThatItIsReady() throws Exception {
        assertThat(json(get("/v2")).path("extensions").toString()).contains("binary_tensor_data", "model_repository");
        assertThat(json(get("/v2/health/live")).path("live").asBoolean()).isTrue();
        assertThat(json(get("/v2/health/ready")).path("ready").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"sums/config, model_configuration", "candor/sums/versions/1/config, model_configuration", "sums/stats, statistics", "stats, statistics"})
    void namesTheExtensionsItDoesNotOffer(String path, String extension) throws Exception {
        HttpResponse<byte[]> answer = get("/v2/models/" + path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).path("error").asText()).contains("does not offer the protocol's extension " + extension);
    }

    @ParameterizedTest
    @CsvSource({"candor/sums", "candor%2Fsums", "sums", "candor/sums/versions/1", "candor/sums%401", "sums/versions/1", "sums@1"})
    void tellsAModelsInputsAndOutputsByAnyOfItsNames(String name) throws Exception {
        JsonNode metadata = json(get("/v2/models/" + name));

        assertThat(metadata.path("name").asText()).isEqualTo("candor/sums");
        assertThat(metadata.path("versions").toString()).isEqualTo("[\"1\"]");
        assertThat(metadata.path("inputs").toString()).isEqualTo(
                "[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[-1,3]},{\"name\":\"b\",\"datatype\":\"FP32\",\"shape\":[-1,3]}]");
        assertThat(metadata.path("outputs")).hasSize(2);
        assertThat(get("/v2/models/" + name + "/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void chatModelsHaveMetadataAndNameTheirRoute() throws Exception {
        assertThat(json(get("/v2/models/candor/echo")).path("parameters").path("route").asText()).isEqualTo("/v1/chat/completions");
        HttpResponse<byte[]> refused = post("/v2/models/candor/echo/infer", request().toString());

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").asText()).contains("/v1/chat/completions");
        assertThat(json(refused).path("code").asText()).isEqualTo("model_not_supported");
    }

    @Test
    void answersInJsonAllOutputsOrThoseAskedFor() throws Exception {
        JsonNode all = json(post(INFER, request().put("id", "42").toString()));
        assertThat(all.path("id").asText()).isEqualTo("42");
        assertThat(all.path("model_name").asText()).isEqualTo("candor/sums");
        assertThat(all.path("outputs")).hasSize(2);
        assertThat(all.path("outputs").get(0).toString())
                .isEqualTo("{\"name\":\"sum\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[5.0,7.0,9.0]}");

        ObjectNode one = request();
        one.putArray("outputs").addObject().put("name", "product");
        assertThat(json(post(INFER, one.toString())).path("outputs").toString())
                .isEqualTo("[{\"name\":\"product\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[4.0,10.0,18.0]}]");
    }

    @Test
    void membersComeInAnyOrderAndDataMayBeNested() throws Exception {
        String body = """
                {"inputs":[{"data":[[1,2],[3]],"datatype":"FP32","name":"a","shape":[1,3]},
                 {"data":["NaN",1e2,"-Infinity"],"shape":[1,3],"name":"b","datatype":"FP32","unknown":[{}]}],"more":{"a":[1]}}""";

        assertThat(json(post(INFER, body)).path("outputs").get(0).path("data").toString()).isEqualTo("[\"NaN\",102.0,\"-Infinity\"]");
    }

    @Test
    void takesAndGivesTensorsInBinary() throws Exception {
        ObjectNode head = Client.JSON.createObjectNode();
        head.putObject("parameters").put("binary_data_output", true);
        ArrayNode inputs = head.putArray("inputs");
        for (String name : new String[] {"a", "b"}) {
            inputs.addObject().put("name", name).put("datatype", "FP32").set("shape", Client.JSON.createArrayNode().add(1).add(3));
            ((ObjectNode) inputs.get(inputs.size() - 1)).putObject("parameters").put("binary_data_size", 12);
        }
        byte[] json = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] body = concat(json, floats(1, 2, Float.NaN), floats(3, 4, 5));
        HttpResponse<byte[]> answer = post(INFER, body, "Inference-Header-Content-Length", String.valueOf(json.length));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
        int length = Integer.parseInt(answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode told = Client.JSON.readTree(Arrays.copyOf(answer.body(), length));
        assertThat(told.path("outputs").get(0).path("parameters").path("binary_data_size").asInt()).isEqualTo(12);
        assertThat(Arrays.copyOfRange(answer.body(), length, answer.body().length)).isEqualTo(concat(floats(4, 6, Float.NaN), floats(3, 8, Float.NaN)));
    }

    @Test
    void theReceiptInTheHeaderIsOfTheseVeryBytes() throws Exception {
        String body = request().toString();
        HttpResponse<byte[]> answer = post(INFER, body, "Candor-Nonce", "00112233445566778899aabbccddeeff");
        byte[] cose = Base64.getUrlDecoder().decode(answer.headers().firstValue("Candor-Receipt").orElseThrow());
        ResponseBytes parts = ResponseBytes.ofRaw(answer.body(), cose);

        parts.receipt().verifySignature(node.receiptKey.compressedPublicKey());
        ReceiptChecks.output(parts.receipt().receipt(), body.getBytes(StandardCharsets.UTF_8), parts);
        ReceiptChecks.request(parts.receipt().receipt(), INFER, body.getBytes(StandardCharsets.UTF_8), Optional.of("00112233445566778899aabbccddeeff"));
        assertThat(json(answer).path("parameters").path("candor_receipt_id").asText()).isEqualTo(parts.receipt().receipt().id().value());
        assertThat(parts.receipt().receipt().usage().promptTokens()).isEqualTo(1);
        assertThat(parts.receipt().receipt().output().format()).isEqualTo("raw");
    }

    @Test
    void ourOwnClientVerifiesAndKeepsTheReceipt() throws Exception {
        NodeConnection connection = new NodeConnection(http, URI.create(node.url()));
        ReceiptVerifier verifier = new ReceiptVerifier(Clock.systemUTC(), new ChainAnchorLookup());
        BundleStore store = new BundleStore(home.resolve("receipts"), new BundleCodec());
        byte[] body = request().toString().getBytes(StandardCharsets.UTF_8);
        try (VerifyingExchange exchange = new VerifyingExchange(connection, Optional.empty(), verifier, VerifyOptions.standard(), store)) {
            ExchangeOutcome outcome = exchange.post(INFER.substring(1), body, Map.of(), event -> {});

            assertThat(outcome).isInstanceOfSatisfying(ExchangeOutcome.Answered.class, answered -> {
                assertThat(answered.report().checks()).filteredOn(check -> check.name() == CheckName.REQUEST || check.name() == CheckName.OUTPUT)
                        .extracting(Check::result).containsOnly(CheckResult.OK);
                assertThat(answered.report().verified()).isTrue();
            });
        }
        try (Stream<Path> saved = Files.list(home.resolve("receipts"))) {
            ReceiptBundle bundle = new BundleCodec().read(Files.readAllBytes(saved.findFirst().orElseThrow()));
            byte[] other = bundle.exchange().orElseThrow().response();
            other[other.length - 2]++;
            assertThat(verifier.verify(bundle, VerifyOptions.standard()).verified()).isFalse();
        }
    }

    @Test
    void noReceiptWhereNoneIsWanted() throws Exception {
        ObjectNode body = request();
        body.putObject("parameters").put("verification", "none");
        HttpResponse<byte[]> answer = post(INFER, body.toString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Candor-Receipt")).isEmpty();
        assertThat(json(answer).has("parameters")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2,3]}]} | The input 'b' is missing; the model takes a, b.",
        "{\"inputs\":[{\"name\":\"c\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2,3]}]} | The model has no input 'c'; it takes a, b.",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"INT32\",\"shape\":[1,3],\"data\":[1,2,3]}]} | The input 'a' has datatype INT32, the model takes FP32.",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[3],\"data\":[1,2,3]}]} | The input 'a' has shape [3], the model takes [-1, 3] (-1: any length).",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2]}]} | 'inputs[0].data' has 2 elements, its shape needs 3.",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2,3,4]}]} | 'inputs[0].data' has more than the 3 elements of its shape.",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,true,3]}]} | 'inputs[0].data' has true at index 1, which is no FP32.",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[99999999999,3],\"data\":[1]}]} | 'inputs[0].data' has fewer elements than the",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[-1,3],\"data\":[1]}]} | 'inputs[0].shape' has the length -1",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP33\",\"shape\":[1,3],\"data\":[1]}]} | 'inputs[0].datatype' is FP33, which is no datatype of the protocol.",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3]}]} | 'inputs[0].data' must be given",
        "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1,3],\"parameters\":{\"binary_data_size\":12}}]} | 'inputs[0].parameters.binary_data_size' is 12, but 0 bytes are left",
        "{\"inputs\":[{\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1]}]} | Missing required parameter: 'inputs[0].name'.",
        "{\"outputs\":[]} | Missing required parameter: 'inputs'.",
        "{\"inputs\":[],\"inputs\":[]} | The body is not valid JSON: Duplicate field 'inputs'",
        "{\"inputs\":[]} trailing | The body",
        "[] | The body must be a JSON object.",
        "{\"inputs\":[],\"outputs\":[{\"name\":\"nothing\"}]} | The input 'a' is missing"
    })
    void saysWhichTensorIsWrongAndWhy(String body, String message) throws Exception {
        HttpResponse<byte[]> refused = post(INFER, body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").asText()).startsWith(message);
        assertThat(json(refused).path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(post(INFER, request().toString()).statusCode()).isEqualTo(200);
    }

    @Test
    void aRunThatFailsIsTheFaultOfItsOwnRequestAlone() throws Exception {
        ObjectNode unequal = Client.JSON.createObjectNode();
        ArrayNode inputs = unequal.putArray("inputs");
        inputs.add(input("a", 2, 1, 2, 3, 4, 5, 6));
        inputs.add(input("b", 3, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        HttpResponse<byte[]> failed = post(INFER, unequal.toString());

        assertThat(failed.statusCode()).isEqualTo(400);
        assertThat(json(failed).path("code").asText()).isEqualTo("model_run_failed");
        assertThat(post(INFER, request().toString()).statusCode()).isEqualTo(200);
    }

    @Test
    void aRunPastItsTimeIsEndedAndTheNextOneServed() throws Exception {
        node.models.add(TensorModels.open("candor/loop@1", TensorGraphs.loop(Files.createDirectory(home.resolve("loop")))));
        HttpResponse<byte[]> late = post("/v2/models/loop/infer", loop(Long.MAX_VALUE, 200_000L));

        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(json(late).path("code").asText()).isEqualTo("deadline_exceeded");
        assertThat(json(post("/v2/models/loop/infer", loop(2, 60_000_000L))).path("outputs").get(0).path("data").toString()).isEqualTo("[2.0]");
    }

    @Test
    void aBodyPastTheBoundIsRefused() throws Exception {
        HttpResponse<byte[]> refused = post(INFER, new byte[300 * 1024]);

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(json(refused).path("error").asText()).contains("larger than the " + 256 * 1024 + " bytes that " + INFER + " takes");
        assertThat(json(post("/v2/repository/index", new byte[65 * 1024])).path("error").asText()).contains("larger than the 65536 bytes");
    }

    @Test
    void outputsPastTheBoundAreRefused() throws Exception {
        node.models.add(TensorModels.open("candor/zeros@1", TensorGraphs.zeros(Files.createDirectory(home.resolve("zeros")))));
        String body = "{\"inputs\":[{\"name\":\"shape\",\"datatype\":\"INT64\",\"shape\":[2],\"data\":[1000,1000]}]}";
        HttpResponse<byte[]> refused = post("/v2/models/zeros/infer", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").asText()).contains("larger than may be given");
    }

    @Test
    void stringsAreGivenAndTakenAsJson() throws Exception {
        node.models.add(TensorModels.open("candor/same@1", TensorGraphs.identity(Files.createDirectory(home.resolve("same")), ElementType.STRING)));
        String body = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1,2],\"data\":[\"ü😀\",\"\"]}]}";

        assertThat(json(post("/v2/models/same/infer", body)).path("outputs").get(0).path("data").toString()).isEqualTo("[\"ü😀\",\"\"]");
    }

    @Test
    void theOperatorUnloadsAndLoads() throws Exception {
        assertThat(operator("/v2/repository/models/candor/sums/unload").statusCode()).isEqualTo(200);
        assertThat(get("/v2/models/candor/sums/ready").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> gone = post(INFER, request().toString());
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(json(gone).path("error").asText()).contains("candor/sums");
        assertThat(json(post("/v2/repository/index", "")).toString()).contains("{\"name\":\"candor/sums\",\"version\":\"1\",\"state\":\"UNAVAILABLE\",\"reason\":\"unloaded\"}");
        assertThat(json(post("/v2/repository/index", "{\"ready\":true}")).toString()).doesNotContain("sums").contains("echo");
        assertThat(operator("/v2/repository/models/candor/sums/load").statusCode()).isEqualTo(200);
        assertThat(post(INFER, request().toString()).statusCode()).isEqualTo(200);
    }

    @Test
    void nobodyElseDoes() throws Exception {
        String path = "/v2/repository/models/candor/sums/unload";

        assertThat(post(path, "").statusCode()).isEqualTo(403);
        assertThat(post(path, "", "Origin", "https://page.example").statusCode()).isEqualTo(403);
        assertThat(post(path, "", "X-Forwarded-For", "203.0.113.1", "Authorization", "Bearer wrong").statusCode()).isEqualTo(403);
        assertThat(get("/v2/models/candor/sums/ready").statusCode()).isEqualTo(200);
        assertThat(post(path, "", "X-Forwarded-For", "203.0.113.1", "Authorization", "Bearer " + HttpFixture.OPERATOR_TOKEN).statusCode()).isEqualTo(200);
        assertThat(operator("/v2/repository/models/candor/sums/load").statusCode()).isEqualTo(200);
    }

    @Test
    void unloadingWhileAtWorkEndsTheWorkAndSaysSo() throws Exception {
        Path graph = TensorGraphs.loop(Files.createDirectory(home.resolve("endless")));
        TensorOptions hasty = new TensorOptions(4, 1 << 20, Duration.ofMinutes(5), Duration.ZERO);
        node.models.add(TensorModels.open("candor/endless@1", graph, hasty));
        node.control.offer("candor/endless@1", () -> TensorModels.open("candor/endless@1", graph, hasty));
        LoadedModel loop = node.models.find("endless");
        CompletableFuture<HttpResponse<byte[]>> running = http.sendAsync(to("/v2/models/endless/infer", loop(Long.MAX_VALUE, 300_000_000L).getBytes(StandardCharsets.UTF_8)),
                HttpResponse.BodyHandlers.ofByteArray());
        while (loop.engine().stats().running() == 0) {
            Thread.onSpinWait();
        }
        assertThat(operator("/v2/repository/models/candor/endless/unload").statusCode()).isEqualTo(200);

        assertThat(running.get().statusCode()).isEqualTo(503);
        assertThat(json(running.get()).path("error").asText()).contains("unloaded");
    }

    private static String loop(long times, long timeoutMicros) {
        return "{\"parameters\":{\"timeout\":" + timeoutMicros + "},\"inputs\":[{\"name\":\"times\",\"datatype\":\"INT64\",\"shape\":[],\"data\":[" + times
                + "]},{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[],\"data\":[0]}]}";
    }

    private static ObjectNode request() {
        ObjectNode body = Client.JSON.createObjectNode();
        body.putArray("inputs").add(input("a", 1, 1, 2, 3)).add(input("b", 1, 4, 5, 6));
        return body;
    }

    private static ObjectNode input(String name, int rows, int... data) {
        ObjectNode input = Client.JSON.createObjectNode().put("name", name).put("datatype", "FP32");
        input.putArray("shape").add(rows).add(3);
        Arrays.stream(data).forEach(input.putArray("data")::add);
        return input;
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(node.url() + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> operator(String path) throws IOException, InterruptedException {
        return post(path, "", "Authorization", "Bearer " + HttpFixture.OPERATOR_TOKEN);
    }

    private HttpResponse<byte[]> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return http.send(to(path, body, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest to(String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(Duration.ofMinutes(2)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return Client.JSON.readTree(answer.body());
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
