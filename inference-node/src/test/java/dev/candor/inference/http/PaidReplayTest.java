package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyChat;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaidReplayTest {
    @TempDir
    private Path folder;

    private HttpFixture node;
    private Client client;
    private ObjectNode body;

    @BeforeEach
    void start() throws Exception {
        node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.paying());
        node.models.add(ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyModels.Shape.standard())));
        client = new Client(node.url());
        body = ToyChat.replay(ToyChat.chat(node.url(), ToyChat.request(), folder.resolve("receipts"), Clock.systemUTC()));
        node.prices.set(ToyChat.NAME, HttpFixture.PRICE);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        node.close();
        node.models.close();
    }

    @Test
    void asksForThePriceOfPromptAndAnswerAsInputAndChargesItOnce() throws Exception {
        HttpResponse<String> asked = post(body);
        assertThat(asked.statusCode()).isEqualTo(402);
        BigInteger price = price(asked);
        String payment = client.pay(asked, node.scheme, Instant.now());
        HttpResponse<String> answer = post(body, "PAYMENT-SIGNATURE", payment);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode verdict = Client.JSON.readTree(answer.body());
        assertThat(verdict.at("/data/0/verdict").asText()).isEqualTo("match");
        int tokens = verdict.at("/data/0/prompt_tokens").asInt() + verdict.at("/data/0/answer_tokens").asInt();
        assertThat(price).isEqualTo(HttpFixture.PRICE.amount(tokens, 0));
        ResponseBytes parts = ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8));
        PaymentBinding paid = parts.receipt().receipt().payment().orElseThrow();
        assertThat(paid.charged()).isEqualTo(price);
        ReceiptChecks.payment(parts.receipt().receipt());
        ReceiptChecks.output(parts.receipt().receipt(), body.toString().getBytes(StandardCharsets.UTF_8), parts);
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().unsettled()).isEqualTo(price);
        assertThat(answer.headers().firstValue("PAYMENT-RESPONSE")).isPresent();

        assertThat(post(body, "PAYMENT-SIGNATURE", payment).body()).isEqualTo(answer.body());
        assertThat(node.ledger.totals().unsettled()).isEqualTo(price);
    }

    @Test
    void aBundleThatIsRefusedIsNotChargedAndItsPaymentCanStillBeUsed() throws Exception {
        String payment = client.pay(post(body), node.scheme, Instant.now());
        ObjectNode bare = body.deepCopy();
        ((ObjectNode) bare.path("bundle")).remove("exchange");

        assertThat(post(bare).statusCode()).isEqualTo(400);
        HttpResponse<String> refused = post(bare, "PAYMENT-SIGNATURE", payment);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not at hand");
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().unsettled()).isZero();
        assertThat(post(body, "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    }

    @Test
    void aReplayWhoseTimeIsUpIsNotCharged() throws Exception {
        String payment = client.pay(post(body), node.scheme, Instant.now());
        HttpResponse<String> late = post(body, "PAYMENT-SIGNATURE", payment, "Candor-Timeout", "0.001");

        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(Client.code(late)).isEqualTo("deadline_exceeded");
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().unsettled()).isZero();
    }

    private static BigInteger price(HttpResponse<?> asked) throws Exception {
        return new BigInteger(new X402Codec().decodeRequired(asked.headers().firstValue("PAYMENT-REQUIRED").orElseThrow()).accepts().getFirst().amount());
    }

    private HttpResponse<String> post(JsonNode json, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/replay"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.toString()));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build());
    }
}
