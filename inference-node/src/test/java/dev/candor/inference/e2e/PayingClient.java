package dev.candor.inference.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.ledger.PaymentKey;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.X402Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A client that pays from one wallet, and shows all that came, of a broken answer too. Thread-safe. */
final class PayingClient implements AutoCloseable {
    private static final long CHAIN = 31_337;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final UptoPermit2Scheme scheme =
            new UptoPermit2Scheme(CHAIN, ContractAddresses.PERMIT2, ContractAddresses.UPTO_PROXY);
    private final SecureRandom random = new SecureRandom();
    private final Secp256k1KeyPair wallet;

    /**
     * A body with the payment signed for it.
     *
     * @param header value of PAYMENT-SIGNATURE
     * @param cap    atomic units
     */
    record Order(String body, String header, String paymentId, BigInteger cap, String asset) {}

    /**
     * What came back.
     *
     * @param broken why no more came, if the answer was cut off
     */
    record Answer(int status, HttpHeaders headers, byte[] bytes, Optional<IOException> broken) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    PayingClient(Secp256k1KeyPair wallet) {
        this.wallet = wallet;
    }

    /** A greedy chat of one user message. */
    ObjectNode chat(String text, int maxTokens, boolean stream) {
        ObjectNode body = json.createObjectNode()
                .put("model", DemoNode.MODEL)
                .put("temperature", 0)
                .put("max_tokens", maxTokens)
                .put("ignore_eos", true)
                .put("stream", stream);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    /** Asks for an offer and signs it. */
    Order order(URI node, JsonNode body) throws Exception {
        return sign(body, post(node, body.toString(), Optional.empty(), piece -> {}), Instant.now());
    }

    /** @param at the payment's time is counted from then */
    Order sign(JsonNode body, Answer asked, Instant at) throws Exception {
        String header = asked.headers().firstValue("PAYMENT-REQUIRED").orElseThrow(() ->
                new IOException("no offer, but " + asked.status() + " " + asked.text()));
        X402Codec codec = new X402Codec();
        PaymentRequired terms = codec.decodeRequired(header);
        BigInteger nonce = UptoPermit2Scheme.randomNonce(random);
        PaymentPayload payload = scheme.sign(wallet, terms.accepts().getFirst(), terms.resource(), at, nonce);
        return new Order(
                body.toString(),
                codec.encode(payload),
                new PaymentKey(CHAIN, wallet.address(), nonce).id(),
                new BigInteger(terms.accepts().getFirst().amount()),
                terms.accepts().getFirst().asset());
    }

    Answer send(URI node, Order order) throws IOException, InterruptedException {
        return send(node, order, piece -> {});
    }

    /** @param seen gets the text of each piece as it comes */
    Answer send(URI node, Order order, Consumer<String> seen) throws IOException, InterruptedException {
        return post(node, order.body(), Optional.of(order.header()), seen);
    }

    /** @throws IOException if not even the head of an answer came */
    Answer post(URI node, String body, Optional<String> payment, Consumer<String> seen) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.resolve("/v1/chat/completions"))
                .timeout(LIMIT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        payment.ifPresent(header -> request.header("PAYMENT-SIGNATURE", header));
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Optional<IOException> broken = Optional.empty();
        byte[] buffer = new byte[8192];
        try (InputStream in = response.body()) {
            for (int length; (length = in.read(buffer)) >= 0; ) {
                bytes.write(buffer, 0, length);
                seen.accept(new String(buffer, 0, length, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            broken = Optional.of(e);
        }
        return new Answer(response.statusCode(), response.headers(), bytes.toByteArray(), broken);
    }

    /** Any document of the node. */
    HttpResponse<byte[]> get(URI node, String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.resolve(path)).timeout(LIMIT).header("accept", accept).build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonNode json(URI node, String path) throws IOException, InterruptedException {
        return json.readTree(get(node, path, "application/json").body());
    }

    /** The state of a payment, as the node tells it. */
    String state(URI node, Order order) throws IOException, InterruptedException {
        return json(node, "/x402/payments/" + order.paymentId()).path("state").asText();
    }

    @Override
    public void close() {
        http.close();
    }
}
