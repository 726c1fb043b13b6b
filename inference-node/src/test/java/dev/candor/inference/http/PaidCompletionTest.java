package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaidCompletionTest extends ServedNode {
    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.paying();
    }

    @Test
    void allAnswersThatAreDrawnArePaidForAndEachPromptOnce() throws Exception {
        ObjectNode body = completion().put("best_of", 3).put("max_tokens", 10);
        body.putArray("prompt").add("x:one").add("x:three");
        HttpResponse<String> asked = post(body);
        assertThat(asked.statusCode()).isEqualTo(402);
        String cap = new X402Codec().decodeRequired(asked.headers().firstValue("PAYMENT-REQUIRED").orElseThrow()).accepts().getFirst().amount();
        assertThat(cap).isEqualTo(HttpFixture.PRICE.amount(12, 60).toString());

        String payment = client.pay(asked, node.scheme, Instant.now());
        HttpResponse<String> answer = post(body, "PAYMENT-SIGNATURE", payment);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        ResponseBytes parts = ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8));
        Receipt receipt = parts.receipt().receipt();
        BigInteger charged = HttpFixture.PRICE.amount(12, 3 * 4 + 3 * 6);
        assertThat(receipt.payment().orElseThrow().charged()).isEqualTo(charged);
        assertThat(receipt.output().tokens()).hasSize(2);
        ReceiptChecks.payment(receipt);
        ReceiptChecks.output(receipt, body.toString().getBytes(StandardCharsets.UTF_8), parts);
        assertThat(node.ledger.totals().unsettled()).isEqualTo(charged);

        assertThat(post(body, "PAYMENT-SIGNATURE", payment).body()).as("the stored answer").isEqualTo(answer.body());
        assertThat(node.ledger.totals().unsettled()).isEqualTo(charged);
    }

    @Test
    void aCompletionThatFailsIsNotCharged() throws Exception {
        ObjectNode body = completion();
        body.putArray("prompt").add("x:one").add("x:" + EchoEngine.POISON);
        HttpResponse<String> failed = post(body, "PAYMENT-SIGNATURE", client.pay(post(body), node.scheme, Instant.now()));

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().unsettled()).isZero();
    }

    private static ObjectNode completion() {
        return Client.JSON.createObjectNode().put("model", HttpFixture.MODEL).put("seed", 7).put("temperature", 0);
    }

    private HttpResponse<String> post(ObjectNode body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/completions"))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build());
    }
}
