package dev.candor.inference.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.scheme.SchemeException;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402FormatException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/** A small HTTP client for tests, which can pay. */
public final class Client implements AutoCloseable {
    public static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http;
    private final SecureRandom random = new SecureRandom();
    private final String url;
    private final Secp256k1KeyPair wallet = Secp256k1KeyPair.generate(random);

    /** A client that holds every exchange against the node's OpenAPI document. */
    public Client(String url) {
        this(url, ContractHttpClient.create());
    }

    private Client(String url, HttpClient http) {
        this.url = url;
        this.http = http;
    }

    /** A client of a proxy, which has answers of its own that no node gives. */
    public static Client ofProxy(String url) {
        return new Client(url, HttpClient.newHttpClient());
    }

    /** A chat request's body: one user message, greedy, with a fixed seed. */
    public static ObjectNode chat(String text) {
        ObjectNode body = JSON.createObjectNode().put("model", HttpFixture.MODEL).put("seed", 7).put("temperature", 0);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    public HttpResponse<String> post(JsonNode body, String... headers) throws IOException, InterruptedException {
        return send(chatRequest(body.toString(), headers));
    }

    public HttpResponse<String> post(String body, String... headers) throws IOException, InterruptedException {
        return send(chatRequest(body, headers));
    }

    public HttpRequest chatRequest(String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    /** POSTs to any path. */
    public HttpResponse<String> postTo(String path, JsonNode body, String... headers) throws IOException, InterruptedException {
        return send(requestTo(path, body, headers));
    }

    public HttpRequest requestTo(String path, JsonNode body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    /** Any method without a body. */
    public HttpResponse<String> call(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.noBody());
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    public HttpClient http() {
        return http;
    }

    /** The PAYMENT-SIGNATURE that satisfies a 402 answer. */
    public String pay(HttpResponse<?> asked, UptoPermit2Scheme scheme, Instant now) throws X402FormatException, SchemeException {
        X402Codec codec = new X402Codec();
        PaymentRequired terms = codec.decodeRequired(asked.headers().firstValue("PAYMENT-REQUIRED").orElseThrow());
        return codec.encode(scheme.sign(wallet, terms.accepts().getFirst(), terms.resource(), now, UptoPermit2Scheme.randomNonce(random)));
    }

    /** The error's code. */
    public static String code(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("error").path("code").asText();
    }

    @Override
    public void close() {
        http.close();
    }
}
