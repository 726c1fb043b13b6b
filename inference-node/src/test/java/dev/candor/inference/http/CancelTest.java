package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.config.Access;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.testing.FaultyRunner;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.limits.RateLimit;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyChat;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentState;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that leave, at a node with the real engine and a toy model: their places are free within a step, and they pay for what was made. */
@Timeout(300)
class CancelTest {
    private static final int SLOTS = 4;
    private static final int QUEUE = 256;
    /** Tokens of a long answer. */
    private static final int LONG = 400;

    @TempDir
    private Path folder;

    private HttpFixture node;
    private Client client;
    private ChatModel model;
    private FaultyRunner runner;

    @BeforeEach
    void start() throws Exception {
        HttpFixture.Setup setup = new HttpFixture.Setup(false, SLOTS, QUEUE, 4096, 65_536, 1_048_576, Long.MAX_VALUE, Clock.systemUTC())
                .withAccess(new Access(false, RateLimit.NONE, ClientShare.WHOLE));
        node = new HttpFixture(Files.createDirectory(folder.resolve("home")), setup);
        client = new Client(node.url());
        model = ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard()), SLOTS, QUEUE, real -> {
            runner = new FaultyRunner(real);
            return runner;
        });
        node.models.add(model);
    }

    @AfterEach
    void stop() throws Exception {
        runner.release();
        client.close();
        node.close();
        node.models.close();
    }

    @Test
    void answersAfterAFloodOfLongRequestsWhoseClientsGaveUp() throws Exception {
        runner.slowBy(Duration.ofMillis(20));
        try (HttpClient impatient = HttpClient.newHttpClient()) {
            List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                flood.add(impatient.sendAsync(request(answer(LONG).put("stream", i % 2 == 0), Duration.ofSeconds(60)), HttpResponse.BodyHandlers.ofString()));
            }
            // A request's own timeout ends with the head of its answer, which a stream may have by then.
            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(() -> flood.forEach(each -> each.cancel(true)));
            for (CompletableFuture<HttpResponse<String>> each : flood) {
                assertThat(each.handle((answer, failure) -> failure).join()).isInstanceOf(CancellationException.class);
            }
        }

        HttpResponse<String> fresh = client.send(request(answer(2), Duration.ofSeconds(60)));

        assertThat(fresh.statusCode()).isEqualTo(200);
        await(this::nothingLeft);
    }

    @Test
    void freesThePlaceWithinOneStepOfItsClientsLeaving() throws Exception {
        for (boolean stream : List.of(true, false)) {
            runner.holdAfter(3);
            try (Socket socket = send(answer(LONG).put("stream", stream))) {
                runner.awaitHeld();
                await(() -> model.engine().stats().running() == 1);
                if (stream) {
                    assertThat(socket.getInputStream().read()).isPositive();
                }
            }
            await(() -> node.services().admission().inside() == 1);
            awaitNoticed();
            runner.allowOneStep();

            await(this::nothingLeft);
            assertThat(runner.holds()).as("no second step was begun").isFalse();
        }
    }

    @Test
    void whoLeavesPaysForWhatWasMadeAndTheSamePaymentBuysItAgain() throws Exception {
        node.prices.set(ToyChat.NAME, HttpFixture.PRICE);
        ObjectNode body = answer(LONG).put("stream", true);
        HttpResponse<String> asked = client.send(request(body, Duration.ofSeconds(60)));
        String payment = client.pay(asked, node.scheme, Instant.now());
        runner.holdAfter(5);
        try (Socket socket = send(body, "PAYMENT-SIGNATURE: " + payment)) {
            runner.awaitHeld();
            assertThat(socket.getInputStream().read()).isPositive();
        }
        awaitNoticed();
        runner.release();
        await(() -> !node.ledger.due(PaymentState.CHARGED, 10).isEmpty());

        Payment charged = node.ledger.due(PaymentState.CHARGED, 10).getFirst();
        assertThat(charged.charged()).isPositive().isLessThan(charged.cap());
        assertThat(node.ledger.totals().reserved()).isZero();
        HttpResponse<String> again = client.post(body, "PAYMENT-SIGNATURE", payment);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).contains("\"finish_reason\":\"cancelled\"", ": candor-receipt ").endsWith("data: [DONE]\n\n");
        assertThat(node.ledger.due(PaymentState.CHARGED, 10)).hasSize(1);
        await(this::nothingLeft);
    }

    @Test
    void whoLeavesBeforeTheFirstTokenPaysNothingAndMaySendThePaymentAgain() throws Exception {
        node.prices.set(ToyChat.NAME, HttpFixture.PRICE);
        ObjectNode body = answer(4);
        String payment = client.pay(client.send(request(body, Duration.ofSeconds(60))), node.scheme, Instant.now());
        List<Socket> others = new ArrayList<>();
        runner.holdAfter(0);
        for (int i = 0; i < SLOTS + 1; i++) {
            others.add(send(answer(LONG).put("seed", i), "PAYMENT-SIGNATURE: " + client.pay(
                    client.send(request(answer(LONG).put("seed", i), Duration.ofSeconds(60))), node.scheme, Instant.now())));
        }
        await(() -> node.services().admission().inside() == SLOTS + 1);
        try (Socket socket = send(body, "PAYMENT-SIGNATURE: " + payment)) {
            await(() -> node.services().admission().inside() == SLOTS + 2);
        }
        for (Socket other : others) {
            other.close();
        }
        awaitNoticed();
        runner.release();
        await(this::nothingLeft);

        HttpResponse<String> answer = client.post(body, "PAYMENT-SIGNATURE", payment);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Client.JSON.readTree(answer.body()).at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void isNotReadyOnceItsEngineHasDied() throws Exception {
        assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
        runner.dieAtNextDecode();
        HttpResponse<String> failed = client.post(answer(8));

        assertThat(failed.statusCode()).isBetween(500, 503);
        await(() -> status("/readyz") == 503);
        JsonNode body = Client.JSON.readTree(client.get("/readyz").body());
        assertThat(body.path("reason").asText()).contains(ToyChat.NAME);
        assertThat(status("/livez")).isEqualTo(200);
        assertThat(client.post(Client.chat("hello")).statusCode()).as("the other model goes on").isEqualTo(200);
        await(() -> node.services().admission().inside() == 0);
    }

    private static ObjectNode answer(int tokens) {
        return Client.chat("tell me").put("model", ToyChat.NAME).put("max_tokens", tokens).put("min_tokens", tokens).put("ignore_eos", true);
    }

    private HttpRequest request(ObjectNode body, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(node.url() + "/v1/chat/completions")).timeout(timeout)
                .header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
    }

    private Socket send(ObjectNode body, String... headers) throws Exception {
        Socket socket = new Socket("127.0.0.1", node.port());
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write(head.append("content-length: ").append(bytes.length).append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
        return socket;
    }

    /** The server's event loop, once it has answered some more requests, has seen what came before them. */
    private void awaitNoticed() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (Socket socket = new Socket("127.0.0.1", node.port())) {
                socket.getOutputStream().write("GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isPositive();
            }
        }
    }

    private boolean nothingLeft() {
        EngineStats stats = model.engine().stats();
        return stats.running() == 0 && stats.waiting() == 0 && stats.kv().live() == 0 && node.services().admission().inside() == 0
                && node.ledger.totals().reserved().signum() == 0;
    }

    private int status(String path) {
        try {
            return client.get(path).statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition came true in time").isLessThan(end);
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
    }
}
