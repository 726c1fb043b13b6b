package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.config.Listen;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.Until;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class HttpBoundsTest {
    @TempDir
    private Path home;

    @Test
    void refusesABodyPastItsBound() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            HttpResponse<String> refused = client.post(Client.chat("x".repeat(70_000)));

            assertThat(refused.statusCode()).isEqualTo(413);
            assertError(refused, "body_too_large");
        }
    }

    @Test
    void takesHeadersOf24KiBAndRefusesThosePast32KiB() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            assertThat(client.get("/v1/models", "X-PAYMENT", "a".repeat(24 * 1024)).statusCode()).isEqualTo(200);

            HttpResponse<String> refused = client.get("/v1/models", "X-PAYMENT", "a".repeat(40 * 1024));

            assertThat(refused.statusCode()).isEqualTo(431);
            assertError(refused, "headers_too_large");
        }
    }

    @Test
    void refusesAPromptThatLeavesNoRoomAndClipsAnAnswerThatWants() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(false, 4, 4, 32, 65_536, 1_048_576, Long.MAX_VALUE, Clock.systemUTC());
        try (HttpFixture node = new HttpFixture(home, setup); Client client = new Client(node.url())) {
            HttpResponse<String> refused = client.post(Client.chat("x".repeat(27)));
            HttpResponse<String> clipped = client.post(Client.chat("x".repeat(25)).put("max_tokens", 100));

            assertThat(refused.statusCode()).isEqualTo(400);
            assertError(refused, "context_length_exceeded");
            assertThat(client.post(Client.chat("x".repeat(3000))).body()).contains("more than that in 3000 characters");
            JsonNode body = Client.JSON.readTree(clipped.body());
            assertThat(body.path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
            assertThat(body.path("usage").path("completion_tokens").asInt()).isEqualTo(2);
        }
    }

    @Test
    void tellsRequestsPastTheQueueToComeBack() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(false, 1, 2, 4096, 65_536, 1_048_576, Long.MAX_VALUE, Clock.systemUTC());
        try (HttpFixture node = new HttpFixture(home, setup); Client client = new Client(node.url())) {
            node.engine.hold();
            List<CompletableFuture<HttpResponse<String>>> sent = IntStream.range(0, 8)
                    .mapToObj(i -> client.http().sendAsync(client.chatRequest(Client.chat("hi").toString()), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            Until.holds(() -> sent.stream().filter(CompletableFuture::isDone).count() == 5);
            node.engine.release();

            List<HttpResponse<String>> answers = sent.stream().map(CompletableFuture::join).toList();

            assertThat(answers.stream().filter(answer -> answer.statusCode() == 200)).hasSize(3);
            assertThat(answers.stream().filter(answer -> answer.statusCode() != 200)).hasSize(5).allSatisfy(answer -> {
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("retry-after")).isPresent();
                assertError(answer, "queue_full");
            });
        }
    }

    @Test
    void aClientThatSendsMoreThanItMayStillReadsWhy() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Socket socket = new Socket("127.0.0.1", node.port())) {
            byte[] body = new byte[16 << 20];
            head(socket, body.length);
            socket.getOutputStream().write(body);
            readUntil(socket.getInputStream(), "larger than the");
            request(socket, Client.chat("hi").toString());

            readUntil(socket.getInputStream(), "HTTP/1.1 200");
        }
    }

    @Test
    void aClientThatNeverStopsSendingIsCutOff() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Socket socket = new Socket("127.0.0.1", node.port())) {
            head(socket, Long.MAX_VALUE / 2);
            byte[] piece = new byte[64 * 1024];

            assertThatThrownBy(() -> {
                while (true) {
                    socket.getOutputStream().write(piece);
                }
            }).isInstanceOf(IOException.class);
        }
    }

    private static void head(Socket socket, long length) throws IOException {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: " + length + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void dropsAClientThatDoesNotReadAndStillReceiptsWhatItGot() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(false, 4, 4, 2_000_000, 65_536, 64 * 1024, Long.MAX_VALUE, Clock.systemUTC());
        try (HttpFixture node = new HttpFixture(home, setup); Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", node.port()));
            request(socket, Client.chat(Character.toString(EchoEngine.ENDLESS)).put("stream", true).put("max_tokens", 1_900_000).toString());

            Until.holds(() -> node.engine.cancelled() == 1 && node.ledger.leafCount() == 1);
        }
    }

    @Test
    void stopsTheSequenceOfAClientThatLeaves() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free())) {
            node.engine.hold();
            for (boolean stream : List.of(true, false)) {
                int before = node.engine.cancelled();
                try (Socket socket = new Socket("127.0.0.1", node.port())) {
                    request(socket, Client.chat(Character.toString(EchoEngine.ENDLESS)).put("stream", stream).toString());
                    node.engine.step(3);
                    if (stream) {
                        readUntil(socket.getInputStream(), "delta");
                    } else {
                        Until.holds(() -> node.engine.running() == 1);
                    }
                }
                Until.holds(() -> node.engine.cancelled() == before + 1 && node.engine.running() == 0);
            }
        }
    }

    @Test
    void answersAfterAFloodOfClientsThatLeft() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(false, 8, 256, 4096, 65_536, 1_048_576, Long.MAX_VALUE, Clock.systemUTC());
        try (HttpFixture node = new HttpFixture(home, setup); Client client = new Client(node.url())) {
            node.engine.hold();
            String endless = Client.chat(Character.toString(EchoEngine.ENDLESS)).put("stream", true).toString();
            CountDownLatch gone = new CountDownLatch(200);
            for (int i = 0; i < 200; i++) {
                Thread.startVirtualThread(() -> {
                    try (Socket socket = new Socket("127.0.0.1", node.port())) {
                        request(socket, endless);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    } finally {
                        gone.countDown();
                    }
                });
            }
            gone.await();
            Until.holds(() -> node.engine.running() == 0);
            node.engine.release();

            assertThat(client.post(Client.chat("hi")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void writesNothingMoreWhenItsStatePassesMaxDisk() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(true, 4, 4, 4096, 65_536, 1_048_576, 1, Clock.systemUTC());
        try (HttpFixture node = new HttpFixture(home, setup); Client client = new Client(node.url())) {
            node.disk.check();
            HttpResponse<String> asked = client.post(Client.chat("hi"));

            HttpResponse<String> refused = asked.statusCode() == 402
                    ? client.post(Client.chat("hi"), "PAYMENT-SIGNATURE", client.pay(asked, node.scheme, Clock.systemUTC().instant()))
                    : asked;

            assertThat(refused.statusCode()).isEqualTo(503);
            assertError(refused, "disk_full");
            assertThat(node.ledger.totals().reserved()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404, not_found",
        "GET, /v1/chat/completions, 405, method_not_allowed",
        "POST, /v1/models, 405, method_not_allowed",
        "POST, /livez, 405, method_not_allowed",
        "GET, /v1/models/nobody, 404, model_not_found",
        "GET, /v1/receipts/x, 404, receipt_not_found",
        "GET, /x402/payments/x, 404, payment_not_found",
        "GET, /v1/attestation/x, 404, attestation_not_found",
    })
    void answersEveryRefusalInOpenAisShape(String method, String path, int status, String code) throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            HttpResponse<String> refused = client.send(HttpRequest.newBuilder(URI.create(node.url() + path))
                    .header("content-type", "application/json")
                    .method(method, method.equals("POST") ? HttpRequest.BodyPublishers.ofString("{}")
                            : HttpRequest.BodyPublishers.noBody())
                    .build());

            assertThat(refused.statusCode()).isEqualTo(status);
            assertError(refused, code);
            assertThat(refused.headers().firstValue("x-request-id")).isPresent();
            assertThat(refused.headers().firstValue("allow").isPresent()).isEqualTo(status == 405);
        }
    }

    @Test
    void keepsLongNamesOutOfItsErrors() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            HttpResponse<String> refused = client.post(Client.chat("hi").put("model", "m".repeat(10_000)));

            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).hasSizeLessThan(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", ";", "application/jsonx", "multipart/form-data; boundary=x"})
    void wantsJsonBodies(String type) throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            HttpResponse<String> refused = client.send(HttpRequest.newBuilder(URI.create(node.url() + "/v1/chat/completions"))
                    .header("content-type", type)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());

            assertThat(refused.statusCode()).isEqualTo(415);
            assertError(refused, "unsupported_media_type");
        }
    }

    @Test
    void letsBrowsersPay() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.paying()); Client client = new Client(node.url())) {
            HttpResponse<String> preflight = client.send(HttpRequest.newBuilder(URI.create(node.url() + "/v1/chat/completions"))
                    .header("origin", "https://app.example")
                    .header("access-control-request-method", "POST")
                    .header("access-control-request-headers", "access-control-expose-headers,content-type,payment-signature,candor-nonce,x-stainless-os")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .build());
            HttpResponse<String> asked = client.post(Client.chat("hi"), "Origin", "https://app.example");

            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.headers().firstValue("access-control-allow-headers").orElseThrow())
                    .containsIgnoringCase("x-stainless-os").containsIgnoringCase("PAYMENT-SIGNATURE").containsIgnoringCase("Access-Control-Expose-Headers");
            assertThat(asked.statusCode()).isEqualTo(402);
            assertThat(asked.headers().firstValue("access-control-allow-origin")).isPresent();
            assertThat(asked.headers().firstValue("access-control-expose-headers").orElseThrow())
                    .contains("PAYMENT-REQUIRED", "PAYMENT-RESPONSE", "Candor-Receipt-Id");
        }
    }

    @Test
    void saysWhatToDoWhenThePortIsTaken() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free())) {
            Vertx vertx = Vertx.vertx();
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Listen listen = new Listen("127.0.0.1", other.getLocalPort(), Optional.empty(), false);

                assertThatThrownBy(() -> HttpApi.start(vertx, listen, node.services()))
                        .hasMessageContaining("port " + other.getLocalPort()).hasMessageContaining("--port");
            } finally {
                vertx.close().toCompletionStage().toCompletableFuture().join();
            }
        }
    }

    @Test
    void cutsLongAnswersShortWhenItStopsAndStillReceiptsThem() throws Exception {
        HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free());
        try (Client client = new Client(node.url())) {
            node.engine.hold();
            String endless = Client.chat(Character.toString(EchoEngine.ENDLESS)).put("stream", true).toString();
            CompletableFuture<HttpResponse<String>> answer =
                    client.http().sendAsync(client.chatRequest(endless), HttpResponse.BodyHandlers.ofString());
            node.engine.step(3);
            Until.holds(() -> node.engine.running() == 1);
            node.close();

            assertThat(answer.join().body()).contains("\"finish_reason\":\"cancelled\"", ": candor-receipt ").endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void isNotReadyOnceTheEngineIsDead() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(client.get("/livez").statusCode()).isEqualTo(200);
            node.engine.die();

            assertThat(client.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(client.get("/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void countsUnderVllmsMetricNames() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            client.post(Client.chat("hello"));
            client.get("/nothing");

            String finished = "request_success_total{finished_reason=\"stop\",model_name=\"candor/echo@1\"} 1.0";
            Until.holds(() -> metrics(client).contains(finished));

            assertThat(metrics(client))
                    .contains("prompt_tokens_total{model_name=\"candor/echo@1\"} 10.0")
                    .contains("generation_tokens_total{model_name=\"candor/echo@1\"} 6.0")
                    .contains("time_to_first_token_seconds_bucket")
                    .contains("inter_token_latency_seconds_bucket")
                    .contains("e2e_request_latency_seconds_count")
                    .contains("num_requests_running")
                    .contains("num_requests_waiting")
                    .contains("candor_errors_total{code=\"not_found\"} 1.0");
        }
    }

    private static String metrics(Client client) {
        try {
            return client.get("/metrics").body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsTheStatusForItsOwnMachine() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free()); Client client = new Client(node.url())) {
            assertThat(client.get("/node/status").statusCode()).isEqualTo(200);
            assertThat(client.get("/node/status", "X-Forwarded-For", "203.0.113.9").statusCode()).isEqualTo(403);
            HttpResponse<String> page = client.get("/node/status", "Origin", "https://evil.example");
            assertThat(page.statusCode()).isEqualTo(403);
            assertThat(page.headers().firstValue("access-control-allow-origin")).isEmpty();
            try (Socket rebound = new Socket("127.0.0.1", node.port())) {
                rebound.getOutputStream().write("GET /node/status HTTP/1.1\r\nhost: evil.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                readUntil(rebound.getInputStream(), "403 Forbidden");
            }
        }
    }

    private static void assertError(HttpResponse<String> answer, String code) throws Exception {
        JsonNode error = Client.JSON.readTree(answer.body()).path("error");
        assertThat(error.fieldNames()).toIterable().contains("message", "type", "param", "code");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotBlank();
    }

    private static void request(Socket socket, String body) throws Exception {
        OutputStream out = socket.getOutputStream();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        out.write(("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: "
                + bytes.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
    }

    private static void readUntil(InputStream in, String text) throws Exception {
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (read.indexOf(text) < 0) {
            int count = in.read(buffer);
            assertThat(count).isPositive();
            read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    }
}
