package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.config.Access;
import dev.candor.inference.keys.ApiKey;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.ApiSecret;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.limits.RateLimit;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.TestClock;
import dev.candor.inference.testing.Until;
import dev.candor.settlement.ledger.PaymentState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, limits a minute and shares, over HTTP. */
@Timeout(180)
class AccessTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final String FAR = "x-ratelimit-";

    @TempDir
    private Path home;

    private final TestClock clock = new TestClock(START);
    private HttpFixture node;
    private Client client;

    private void start(boolean paid, boolean requireKey, int requests, int tokens) throws IOException {
        Access access = new Access(requireKey, new RateLimit(requests, tokens), ClientShare.WHOLE);
        HttpFixture.Setup setup = paid ? HttpFixture.Setup.paying() : HttpFixture.Setup.free();
        start(setup.withClock(clock).withAccess(access));
    }

    private void start(HttpFixture.Setup setup) throws IOException {
        node = new HttpFixture(home, setup);
        client = new Client(node.url());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void countsRequestsOfAnAddressAndSaysWhereItStands() throws Exception {
        start(false, false, 3, 0);
        HttpResponse<String> first = client.post(Client.chat("hello"));
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(headers(first, "requests")).containsExactly("3", "2", "20s");
        assertThat(first.headers().firstValue(FAR + "limit-tokens")).isEmpty();
        client.post(Client.chat("hello").put("stream", true));
        assertThat(headers(client.post(Client.chat("hello")), "requests")).containsExactly("3", "0", "1m0s");

        HttpResponse<String> refused = client.post(Client.chat("hello"));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Client.code(refused)).isEqualTo("rate_limit_exceeded");
        assertThat(refused.body()).contains("3 requests a minute").contains("Try again in 20s");
        assertThat(refused.headers().firstValue("retry-after")).contains("20");
        assertThat(refused.headers().firstValue("retry-after-ms")).contains("20000");
        assertThat(refused.headers().firstValue("x-should-retry")).contains("true");
        assertThat(headers(refused, "requests")).containsExactly("3", "0", "1m0s");
        clock.advance(Duration.ofSeconds(20));
        assertThat(client.post(Client.chat("hello")).statusCode()).isEqualTo(200);
    }

    @Test
    void reservesPromptAndMaxTokensAndGivesBackWhatWasNotUsed() throws Exception {
        start(false, false, 0, 100);
        ObjectNode body = Client.chat("hello").put("max_tokens", 60);
        HttpResponse<String> answer = client.post(body);
        int used = Client.JSON.readTree(answer.body()).at("/usage/total_tokens").asInt();

        assertThat(headers(answer, "tokens")).first().isEqualTo("100");
        assertThat(used).isLessThan(30);
        assertThat(remaining()).isEqualTo(100 - used);
        node.engine.hold();
        CompletableFuture<HttpResponse<String>> running = client.http().sendAsync(client.chatRequest(body.toString()), HttpResponse.BodyHandlers.ofString());
        Until.holds(() -> node.engine.running() == 1);
        HttpResponse<String> refused = client.post(body);
        assertThat(Client.code(refused)).isEqualTo("rate_limit_exceeded");
        assertThat(refused.body()).contains("100 tokens a minute");
        node.engine.release();
        assertThat(running.join().statusCode()).isEqualTo(200);
        Until.holds(() -> remaining() == 100 - 2 * used);
    }

    @Test
    void aRequestThatFailsCostsNoTokens() throws Exception {
        start(false, false, 0, 100);
        node.engine.breakDown();

        assertThat(client.post(Client.chat("hello").put("max_tokens", 60)).statusCode()).isEqualTo(500);
        assertThat(remaining()).isEqualTo(100);
    }

    @Test
    void aRequestThatCouldNeverPassIsNotToBeTriedAgain() throws Exception {
        start(false, false, 0, 100);

        HttpResponse<String> refused = client.post(Client.chat("hello").put("max_tokens", 100));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Client.code(refused)).isEqualTo("insufficient_quota");
        assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
        assertThat(refused.headers().firstValue("retry-after")).isEmpty();
        assertThat(refused.body()).contains("lower max_tokens");
    }

    @Test
    void aRequestThatCouldNeverPassIsNotToldToWaitForAnother() throws Exception {
        start(false, false, 1, 100);
        assertThat(client.post(Client.chat("hello").put("max_tokens", 10)).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = client.post(Client.chat("hello").put("max_tokens", 100));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Client.code(refused)).isEqualTo("insufficient_quota");
        assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
        assertThat(Client.code(client.post(Client.chat("hello").put("max_tokens", 10)))).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void headersStandOnErrorsOfLimitedRoutesAndOnNoOthers() throws Exception {
        start(false, false, 3, 100);

        HttpResponse<String> bad = client.post("{");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(headers(bad, "requests")).containsExactly("3", "3", "0s");
        assertThat(headers(bad, "tokens")).containsExactly("100", "100", "0s");
        assertThat(bad.headers().firstValue("openai-processing-ms")).isPresent();
        assertThat(client.get("/v1/models").headers().map().keySet()).noneMatch(name -> name.startsWith(FAR));
    }

    @Test
    void refusesAPaidRequestBeforeAnythingIsReserved() throws Exception {
        start(true, false, 2, 0);
        HttpResponse<String> asked = client.post(Client.chat("hello"));
        List<String> payments = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            payments.add(client.pay(asked, node.scheme, clock.instant()));
        }
        HttpResponse<String> first = client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payments.get(0));
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(headers(first, "requests")).as("the payer's").containsExactly("2", "1", "30s");
        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payments.get(1)).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payments.get(2));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("the payer 0x");
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().receipts()).isEqualTo(2);
        assertThat(client.post(Client.chat("hello")).statusCode()).as("the address has a request left").isEqualTo(402);
        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payments.get(0)).body()).as("what was paid for").isEqualTo(first.body());
        clock.advance(Duration.ofSeconds(30));
        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payments.get(2)).statusCode()).isEqualTo(200);
    }

    @Test
    void askingForThePriceAndSendingWhatIsNoPaymentCostTheAddressARequest() throws Exception {
        start(true, false, 3, 0);

        assertThat(client.post(Client.chat("hello")).statusCode()).isEqualTo(402);
        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", "e30=").statusCode()).isEqualTo(400);
        HttpResponse<String> asked = client.post(Client.chat("hello"));
        assertThat(headers(asked, "requests")).containsExactly("3", "1", "40s");
        String expired = client.pay(asked, node.scheme, START.minus(Duration.ofDays(1)));
        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", expired).statusCode()).isEqualTo(402);
        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", expired).statusCode()).isEqualTo(429);
        assertThat(client.post(Client.chat("hello")).statusCode()).isEqualTo(429);
    }

    @Test
    void whoHasAKeyDoesNotPayAndHasLimitsOfItsOwn() throws Exception {
        start(true, false, 1, 0);
        String key = give("anna", Optional.empty(), OptionalInt.of(2));
        String plain = give("bob", Optional.empty(), OptionalInt.empty());

        HttpResponse<String> answer = client.post(Client.chat("hello"), "authorization", "Bearer " + key);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(headers(answer, "requests")).containsExactly("2", "1", "30s");
        assertThat(node.engine.lastTerms().client()).isEqualTo("key anna");
        assertThat(client.post(Client.chat("hello"), "authorization", "bearer " + key).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = client.post(Client.chat("hello"), "authorization", "Bearer " + key);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("the key anna").doesNotContain(key);
        assertThat(client.post(Client.chat("hello"), "authorization", "Bearer " + plain).statusCode()).isEqualTo(200);
        assertThat(client.post(Client.chat("hello"), "authorization", "Bearer " + plain).statusCode()).isEqualTo(429);
        assertThat(client.post(Client.chat("hello")).statusCode()).isEqualTo(402);
        assertThat(node.ledger.due(PaymentState.CHARGED, 10)).isEmpty();
        assertThat(node.services().guard().status().toString()).contains("\"name\":\"anna\"", "\"requests\":2").doesNotContain(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer sk-none", "Bearer sk-candor-AAAA", "Basic YTpi", "Bearer a b"})
    void withoutAKeyNothingIsDoneWhereOneIsNeeded(String authorization) throws Exception {
        start(true, true, 0, 0);
        String[] headers = authorization.isEmpty() ? new String[0] : new String[] {"authorization", authorization};
        HttpResponse<String> refused = client.post(Client.chat("hello"), headers);

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(Client.code(refused)).isEqualTo("invalid_api_key");
        assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
        assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
        assertThat(refused.body()).doesNotContain("AAAA");
    }

    @Test
    void saysOfAKeyThatItDoesNotKnowAllThatMayBeTheCause() throws Exception {
        start(false, false, 0, 0);
        HttpResponse<String> refused = client.post(Client.chat("hello"), "authorization", "Bearer sk-candor-AAAA");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("does not know the API key (removed, expired or mistyped)");
    }

    @Test
    void everyRouteThatDoesWorkOrHoldsWhatIsSomebodysNeedsTheKey() throws Exception {
        start(false, true, 0, 0);
        String key = give("anna", Optional.empty(), OptionalInt.empty());
        JsonNode paths = Client.JSON.readTree(client.get("/openapi.json").body()).path("paths");
        List<String> guarded = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (String method : List.of("post", "delete", "get")) {
                boolean somebodys = path.getKey().startsWith("/v1/responses");
                if (path.getValue().has(method) && (somebodys || !method.equals("get")) && !path.getKey().startsWith("/v2/repository/")) {
                    String url = path.getKey().replaceAll("\\{[^}]*}", "x");
                    assertThat(send(method, url, "Bearer sk-other")).as(method + " " + url).isEqualTo(401);
                    assertThat(send(method, url, "Bearer " + key)).as(method + " " + url).isNotEqualTo(401);
                    guarded.add(method + " " + path.getKey());
                }
            }
        }

        assertThat(guarded).contains("post /v1/chat/completions", "post /v1/completions", "post /v1/responses", "get /v1/responses/{id}",
                "delete /v1/responses/{id}", "post /v1/embeddings", "post /v1/classify", "post /v1/rerank", "post /v1/replay", "post /tokenize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/livez", "/readyz", "/metrics", "/v2", "/v1/receipts/x", "/log/checkpoint", "/x402/supported"})
    void whatIsPublishedNeedsNone(String path) throws Exception {
        start(false, true, 0, 0);

        assertThat(client.get(path).statusCode()).isNotEqualTo(401);
    }

    @Test
    void aBrowserMayAskWithoutAKeyWhatItMaySend() throws Exception {
        start(false, true, 0, 0);
        HttpResponse<String> preflight = client.send(HttpRequest.newBuilder(URI.create(node.url() + "/v1/chat/completions"))
                .header("origin", "https://app.example").header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization").method("OPTIONS", HttpRequest.BodyPublishers.noBody()).build());
        assertThat(preflight.statusCode()).isEqualTo(204);
        HttpResponse<String> refused = client.post(Client.chat("hello"), "Origin", "https://app.example");

        assertThat(refused.headers().firstValue("access-control-allow-origin")).isPresent();
        assertThat(refused.headers().firstValue("access-control-expose-headers").orElseThrow())
                .contains("x-ratelimit-remaining-requests", "retry-after-ms", "openai-processing-ms");
    }

    @Test
    void changesOfTheKeysTakeEffectAtOnce() throws Exception {
        start(false, true, 0, 0);
        String key = give("anna", Optional.of(START.plusSeconds(60)), OptionalInt.empty());
        assertThat(post("/v1/chat/completions", "Bearer " + key)).isEqualTo(200);

        clock.advance(Duration.ofSeconds(60));
        HttpResponse<String> late = client.post(Client.chat("hello"), "authorization", "Bearer " + key);
        assertThat(late.statusCode()).isEqualTo(401);
        assertThat(late.body()).contains("was good until 2026-11-21T12:01:00Z");
        String other = give("bob", Optional.empty(), OptionalInt.empty());
        assertThat(post("/v1/chat/completions", "Bearer " + other)).isEqualTo(200);
        keyFile().change(keys -> keys.removeIf(each -> each.name().equals("bob")));
        assertThat(post("/v1/chat/completions", "Bearer " + other)).isEqualTo(401);
    }

    @Test
    void placeholdersOfClientLibrariesAreNoKeysButAKeyThatWasTakenBackIsRefused() throws Exception {
        start(false, false, 0, 0);
        assertThat(post("/v1/chat/completions", "Bearer sk-placeholder")).isEqualTo(200);
        assertThat(post("/v1/chat/completions", "Bearer sk-candor-taken-back")).isEqualTo(401);
    }

    @Test
    void oneClientLeavesPlacesToTheNext() throws Exception {
        start(HttpFixture.Setup.free().withClock(Clock.systemUTC()).withAccess(Access.OPEN));
        String key = give("anna", Optional.empty(), OptionalInt.empty());
        node.engine.hold();
        List<CompletableFuture<HttpResponse<String>>> greedy = IntStream.range(0, 8).mapToObj(i -> client.http().sendAsync(
                client.chatRequest(Client.chat("hello").toString()), HttpResponse.BodyHandlers.ofString())).toList();
        Until.holds(() -> greedy.stream().filter(CompletableFuture::isDone).count() == 4);
        CompletableFuture<HttpResponse<String>> other = client.http().sendAsync(
                client.chatRequest(Client.chat("hello").toString(), "authorization", "Bearer " + key), HttpResponse.BodyHandlers.ofString());
        Until.holds(() -> node.engine.running() == 5);
        node.engine.release();

        assertThat(other.join().statusCode()).isEqualTo(200);
        List<HttpResponse<String>> answers = greedy.stream().map(CompletableFuture::join).toList();
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 200)).hasSize(4);
        assertThat(answers.stream().filter(answer -> answer.statusCode() != 200)).hasSize(4).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(Client.code(answer)).isEqualTo("rate_limit_exceeded");
            assertThat(answer.body()).contains("share of the node's places");
            assertThat(answer.headers().firstValue("x-should-retry")).contains("true");
        });
        Until.holds(() -> node.services().admission().inside() == 0);
    }

    @Test
    void aPayerLeavesPlacesToTheNextAndNothingIsReservedOfWhatFindsNone() throws Exception {
        start(HttpFixture.Setup.paying().withClock(Clock.systemUTC()).withAccess(new Access(false, RateLimit.NONE, new ClientShare(2))));
        HttpResponse<String> asked = client.post(Client.chat("hello"));
        node.engine.hold();
        CompletableFuture<HttpResponse<String>> first = client.http().sendAsync(client.chatRequest(Client.chat("hello").toString(),
                "PAYMENT-SIGNATURE", client.pay(asked, node.scheme, Instant.now())), HttpResponse.BodyHandlers.ofString());
        Until.holds(() -> node.engine.running() == 1);
        int before = node.ledger.totals().reserved().intValueExact();

        HttpResponse<String> second = client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", client.pay(asked, node.scheme, Instant.now()));

        assertThat(Client.code(second)).isEqualTo("rate_limit_exceeded");
        assertThat(node.ledger.totals().reserved().intValueExact()).isEqualTo(before);
        node.engine.release();
        assertThat(first.join().statusCode()).isEqualTo(200);
    }

    private long remaining() {
        return node.services().guard().standing(new Caller(Caller.address("127.0.0.1"), new RateLimit(0, 100), false)).tokens().orElseThrow().remaining();
    }

    private static List<String> headers(HttpResponse<?> answer, String unit) {
        return Stream.of("limit-", "remaining-", "reset-").map(part -> answer.headers().firstValue(FAR + part + unit).orElse("none")).toList();
    }

    private int post(String path, String authorization) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json").header("authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString(Client.chat("hello").toString())).build()).statusCode();
    }

    /** Without holding the answer against the document: bodies are none that the routes take. */
    private int send(String method, String path, String authorization) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(Duration.ofSeconds(60))
                    .header("content-type", "application/json").header("authorization", authorization)
                    .method(method.toUpperCase(Locale.ROOT), HttpRequest.BodyPublishers.ofString(method.equals("post") ? "{}" : "")).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private String give(String name, Optional<Instant> expires, OptionalInt requests) throws Exception {
        ApiSecret secret = ApiSecret.draw(new SecureRandom());
        keyFile().change(keys -> keys.add(new ApiKey(name, secret.digest(), START, expires, requests, OptionalInt.empty())));
        return secret.text();
    }

    private ApiKeyFile keyFile() {
        return new ApiKeyFile(home.resolve("api-keys"));
    }
}
