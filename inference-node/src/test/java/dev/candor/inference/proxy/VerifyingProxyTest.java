package dev.candor.inference.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.client.pay.Payer;
import dev.candor.client.pay.SpendingBudget;
import dev.candor.client.pay.SpendingLimits;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.config.Access;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.keys.ApiSecret;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.limits.RateLimit;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ResponseClient;
import dev.candor.inference.testing.ToyChat;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.net.BindException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyingProxyTest {
    @TempDir
    private Path folder;

    private HttpFixture node;
    private TamperingRelay relay;
    private VerifyingExchange exchange;
    private VerifyingProxy proxy;
    private Client client;

    @AfterEach
    void stop() throws Exception {
        if (proxy != null) {
            proxy.close();
            exchange.close();
            client.close();
        }
        relay.close();
        node.close();
    }

    @Test
    void passesAnAnswerOnThatVerifiesAndKeepsItsReceipt() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        HttpResponse<String> answer = client.post(Client.chat("hello there"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("candor-verified")).contains("true");
        String id = answer.headers().firstValue("candor-receipt-id").orElseThrow();
        assertThat(folder.resolve("receipts").resolve(id + ".candor.json")).exists();
        node.awaitLog();
        exchange.awaitProofs(Duration.ofSeconds(60));
        assertThat(new BundleStore(folder.resolve("receipts"), new BundleCodec()).load(new ReceiptId(id)).orElseThrow().proof())
                .as("the log's proof is added to the saved receipt")
                .isPresent();
        HttpResponse<String> models = client.get("/v1/models");
        assertThat(models.statusCode()).isEqualTo(200);
        assertThat(models.body()).contains(HttpFixture.MODEL);
    }

    @Test
    void endsAStreamThatVerifiesWithDone() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        HttpResponse<String> answer = client.post(Client.chat("hello there").put("stream", true));
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(answer.body()).contains(": candor-verified rcpt_").endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
    }

    @Test
    void turnsAnAnswerWithOneChangedWordIntoAnError() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        relay.change(replace("hello", "jello"));
        HttpResponse<String> answer = client.post(Client.chat("hello there"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(Client.code(answer)).isEqualTo("receipt_unverified");
        assertThat(answer.body()).contains("output").doesNotContain("jello");
        assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void endsAStreamWithOneChangedLetterInAnErrorAndNeverInDone() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        relay.change(body -> body.replaceFirst("\"content\":\"h", "\"content\":\"j"));
        HttpResponse<String> answer = client.post(Client.chat("hello there").put("stream", true));
        assertThat(answer.body()).contains("data: {\"error\":{").contains("receipt_unverified").doesNotContain("[DONE]");
    }

    @Test
    void answersCompletionsAndResponsesThatVerify() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        ObjectNode completion = Client.JSON.createObjectNode().put("model", HttpFixture.MODEL).put("prompt", "say:hello");
        HttpResponse<String> completed = client.postTo("/v1/completions", completion);
        assertThat(completed.headers().firstValue("candor-verified")).contains("true");
        assertThat(completed.body()).contains("\"text\":\"hello\"");
        HttpResponse<String> response = client.postTo("/v1/responses", ResponseClient.request("hello"));
        assertThat(response.headers().firstValue("candor-verified")).contains("true");
        String id = Client.JSON.readTree(response.body()).path("id").asText();
        assertThat(client.get("/v1/responses/" + id).statusCode()).isEqualTo(200);
        assertThat(client.call("DELETE", "/v1/responses/" + id).statusCode()).isEqualTo(200);
        assertThat(client.get("/v1/responses/" + id).statusCode()).isEqualTo(404);
        ObjectNode text = Client.JSON.createObjectNode().put("model", HttpFixture.MODEL).put("prompt", "abc");
        assertThat(client.postTo("/tokenize", text).body()).contains("\"count\":3");
    }

    @Test
    void holdsTheEndOfAStreamedResponseBackUntilItVerifies() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        ObjectNode request = ResponseClient.request("hello").put("stream", true);
        assertThat(client.postTo("/v1/responses", request).body()).contains("event: response.completed").contains(": candor-verified rcpt_");

        relay.change(body -> body.replaceFirst("\"delta\":\"h", "\"delta\":\"j"));
        HttpResponse<String> changed = client.postTo("/v1/responses", request);
        assertThat(changed.body()).contains("response.output_text.delta").contains("receipt_unverified").doesNotContain("response.completed", "[DONE]");
    }

    @Test
    void turnsAnAnswerWithoutAReceiptIntoAnError() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        relay.change(body -> body.replaceFirst(": candor-receipt [^\n]*\n\n", ""));
        HttpResponse<String> stripped = client.post(Client.chat("hello there").put("stream", true));
        assertThat(stripped.body()).contains("receipt_unverified").doesNotContain("[DONE]");
    }

    @Test
    void sendsAndPaysNothingForAnAnswerWithoutAReceipt() throws Exception {
        SpendingBudget budget = new SpendingBudget(SpendingLimits.standard(), folder.resolve("spending"), Clock.systemUTC());
        SecureRandom random = new SecureRandom();
        Payer payer = new Payer(Secp256k1KeyPair.generate(random), budget, new X402Codec(), Clock.systemUTC(), random);
        start(HttpFixture.Setup.paying(), Optional.of(payer));
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<String> refused = client.post(Client.chat("hello there").put("verification", "none").put("stream", stream));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("verification");
            assertThat(refused.body()).contains("leave it out, or ask the node itself");
            assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
            assertThat(refused.headers().firstValue("openai-processing-ms")).isPresent();
        }
        assertThat(client.postTo("/v1/responses", ResponseClient.request("hello").put("verification", "none")).statusCode()).isEqualTo(400);
        assertThat(relay.requests()).isZero();
        assertThat(budget.spentToday()).isZero();
        assertThat(client.post(Client.chat("hello there").put("verification", "tee")).statusCode()).isEqualTo(200);
    }

    @Test
    void passesTheNodesWarningsTimeAndLimitsOn() throws Exception {
        Access access = new Access(false, new RateLimit(9, 0), ClientShare.WHOLE);
        start(HttpFixture.Setup.free().withAccess(access), Optional.empty());
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<String> answer = client.post(Client.chat("hello there").put("wisdom", 1).put("stream", stream));
            assertThat(answer.headers().firstValue("candor-warning")).contains("ignored members: wisdom");
            assertThat(answer.headers().allValues("openai-processing-ms")).singleElement().asString().matches("[0-9]+");
            assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).contains("9");
            assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests")).contains(stream ? "7" : "8");
        }
    }

    @Test
    void passesTheNodesOwnErrorsOnAsTheyAre() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        HttpResponse<String> answer = client.post(Client.chat("x").put("temperature", 9));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(answer.body()).at("/error/param").asText()).isEqualTo("temperature");
        assertThat(client.post("not json").statusCode()).isEqualTo(400);
    }

    @Test
    void paysForAReplayAndPassesItsVerdictOn() throws Exception {
        SpendingBudget budget = new SpendingBudget(SpendingLimits.standard(), folder.resolve("spending"), Clock.systemUTC());
        SecureRandom random = new SecureRandom();
        Payer payer = new Payer(Secp256k1KeyPair.generate(random), budget, new X402Codec(), Clock.systemUTC(), random);
        start(HttpFixture.Setup.paying(), Optional.of(payer));
        try (ChatModel toy = ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard()))) {
            node.models.add(toy);
            ObjectNode body = ToyChat.replay(ToyChat.chat(node.url(), ToyChat.request(), folder.resolve("answers"), Clock.systemUTC()));
            node.prices.set(ToyChat.NAME, HttpFixture.PRICE);

            HttpResponse<String> answer = replay(body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("candor-verified")).contains("true");
            assertThat(Client.JSON.readTree(answer.body()).at("/data/0/verdict").asText()).isEqualTo("match");
            assertThat(budget.spentToday()).isPositive();

            String id = answer.headers().firstValue("candor-receipt-id").orElseThrow();
            HttpResponse<String> again = replay(ToyChat.replay(folder.resolve("receipts").resolve(id + ".candor.json")).put("model", HttpFixture.MODEL));
            assertThat(again.statusCode()).isEqualTo(400);
            assertThat(again.body()).contains("can be computed again, this is a receipt of /v1/replay");
        }
    }

    private HttpResponse<String> replay(ObjectNode body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + "/v1/replay"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    @Test
    void tellsTheNodeHowLongTheClientWaits() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        String body = Client.chat("hello there").toString();
        assertThat(client.post(body, "Candor-Timeout", "60").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = client.post(body, "Candor-Timeout", "soon");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("The header Candor-Timeout must be a number of seconds");
    }

    @Test
    void signsNothingAboveItsLimit() throws Exception {
        SpendingLimits tiny = new SpendingLimits(BigInteger.ONE, BigInteger.TEN);
        SpendingBudget budget = new SpendingBudget(tiny, folder.resolve("spending"), Clock.systemUTC());
        SecureRandom random = new SecureRandom();
        Payer payer = new Payer(Secp256k1KeyPair.generate(random), budget, new X402Codec(), Clock.systemUTC(), random);
        start(HttpFixture.Setup.paying(), Optional.of(payer));
        HttpResponse<String> answer = client.post(Client.chat("hello there"));
        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(Client.code(answer)).isEqualTo("spending_limit_exceeded");
        assertThat(answer.body()).contains("--max-per-request");
        assertThat(Files.exists(folder.resolve("spending"))).isFalse();
    }

    @Test
    void countsTheChargeOfAnAnswerThatVerifiesAndTheWholeCapOfOneThatDoesNot() throws Exception {
        SpendingBudget budget = new SpendingBudget(SpendingLimits.standard(), folder.resolve("spending"), Clock.systemUTC());
        SecureRandom random = new SecureRandom();
        Payer payer = new Payer(Secp256k1KeyPair.generate(random), budget, new X402Codec(), Clock.systemUTC(), random);
        start(HttpFixture.Setup.paying(), Optional.of(payer));
        BigInteger prompt = BigInteger.valueOf("user:hello there".length() * 1000L);

        HttpResponse<String> first = client.post(Client.chat("hello there").put("max_tokens", 100));
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        BigInteger charge = prompt.add(BigInteger.valueOf(("hello there".length() + 1) * 4000L));
        assertThat(budget.spentToday()).isEqualTo(charge);

        relay.change(replace("hello", "jello"));
        assertThat(client.post(Client.chat("hello there").put("max_tokens", 100)).statusCode()).isEqualTo(502);
        BigInteger cap = prompt.add(BigInteger.valueOf(100 * 4000L));
        assertThat(budget.spentToday()).as("the node that lied can still settle the cap").isEqualTo(charge.add(cap));

        relay.change(UnaryOperator.identity());
        node.engine.breakDown();
        assertThat(client.post(Client.chat("hello there").put("max_tokens", 100)).statusCode()).isEqualTo(500);
        assertThat(budget.spentToday()).as("a refusal gives no signed payment back").isEqualTo(charge.add(cap).add(cap));
    }

    @Test
    void paysForNoPageOfAnotherSite() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        String body = Client.chat("hello there").toString();
        HttpResponse<String> foreign = client.post(body, "Origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(Client.code(foreign)).isEqualTo("forbidden");
        assertThat(client.post(body, "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(client.post(body, "Origin", "http://localhost:3000").statusCode()).isEqualTo(200);
        assertThat(raw("POST /v1/chat/completions HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\nConnection: close\r\n\r\n" + body))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + proxy.port()
                        + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body))
                .startsWith("HTTP/1.1 415");
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void refusesWhatItCannotVerify() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + proxy.port() + "/v1/images/generations"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<String> answer = client.send(request);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("/v1/chat/completions");
    }

    @Test
    void passesOnTheKeysOfANodeAndNoOther() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        client.post(Client.chat("hello there"), "authorization", "Bearer sk-of-somebody-else");
        assertThat(relay.authorization()).isEmpty();

        String unknown = ApiSecret.PREFIX + "unknown";
        HttpResponse<String> answer = client.post(Client.chat("hello there"), "authorization", "Bearer " + unknown);
        assertThat(relay.authorization()).contains("Bearer " + unknown);
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void passesDeletionsOfResponsesOnAndNoOthers() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        URI url = URI.create("http://127.0.0.1:" + proxy.port());
        assertThat(client.send(HttpRequest.newBuilder(url.resolve("/v1/models/x")).DELETE().build()).body()).contains("The proxy passes on");
        assertThat(client.send(HttpRequest.newBuilder(url.resolve("/v1/responses/resp_none")).DELETE().build()).body())
                .contains("\"error\"").doesNotContain("The proxy");
    }

    @Test
    void givesARequestUpWhoseClientIsGone() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        proxy.close();
        exchange.close();
        NodeConnection direct = new NodeConnection(HttpClient.newHttpClient(), URI.create(node.url()));
        exchange = new VerifyingExchange(direct, Optional.empty(), verifier(), VerifyOptions.standard(), new BundleStore(folder, new BundleCodec()));
        proxy = VerifyingProxy.start(exchange, direct, "127.0.0.1", 0);
        for (boolean stream : new boolean[] {false, true}) {
            node.engine.hold();
            int before = node.engine.cancelled();
            String body = Client.chat("for ever \u221e").put("stream", stream).put("max_tokens", 100).toString();
            try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                socket.getOutputStream().write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + bytes.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(bytes);
                await(() -> node.engine.running() == 1);
            }
            await(() -> node.engine.cancelled() == before + 1 && node.engine.running() == 0);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void saysThatTheNodeIsGone() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        relay.close();
        HttpResponse<String> answer = client.post(Client.chat("hello there"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(Client.code(answer)).isEqualTo("node_unavailable");
        assertThat(answer.body()).contains("candor up");
    }

    @Test
    void saysThatItsPortIsInUse() throws Exception {
        start(HttpFixture.Setup.free(), Optional.empty());
        NodeConnection connection = new NodeConnection(HttpClient.newHttpClient(), relay.uri());
        assertThatThrownBy(() -> VerifyingProxy.start(null, connection, "127.0.0.1", proxy.port())).isInstanceOf(BindException.class);
    }

    private void start(HttpFixture.Setup setup, Optional<Payer> payer) throws Exception {
        node = new HttpFixture(folder.resolve("node"), setup);
        relay = new TamperingRelay(node.url());
        NodeConnection connection = new NodeConnection(HttpClient.newHttpClient(), relay.uri());
        BundleStore store = new BundleStore(folder.resolve("receipts"), new BundleCodec());
        exchange = new VerifyingExchange(connection, payer, verifier(), VerifyOptions.standard(), store);
        proxy = VerifyingProxy.start(exchange, connection, "127.0.0.1", 0);
        client = Client.ofProxy("http://127.0.0.1:" + proxy.port());
    }

    private static ReceiptVerifier verifier() {
        return new ReceiptVerifier(Clock.systemUTC(), (rpc, anchor, statement) -> "");
    }

    private static UnaryOperator<String> replace(String from, String to) {
        return body -> body.replace(from, to);
    }
}
