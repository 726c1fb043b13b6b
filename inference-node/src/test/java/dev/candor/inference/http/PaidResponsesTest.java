package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ResponseClient;
import dev.candor.inference.testing.TestClock;
import dev.candor.settlement.ledger.PaymentState;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Responses that are paid for. */
class PaidResponsesTest extends ServedNode {
    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T12:00:00Z"));

    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.paying().withClock(clock);
    }

    private static HttpResponse<String> pay(Client payer, ObjectNode body, HttpFixture node, Instant now) throws Exception {
        String payment = payer.pay(payer.postTo(ResponseClient.PATH, body), node.scheme, now);
        return payer.postTo(ResponseClient.PATH, body, "PAYMENT-SIGNATURE", payment);
    }

    @Test
    void chargesWhatWasUsedAndGivesTheSameAnswerForTheSamePayment() throws Exception {
        for (boolean stream : List.of(false, true)) {
            ObjectNode body = ResponseClient.request("hello").put("stream", stream);
            HttpResponse<String> asked = client.postTo(ResponseClient.PATH, body);
            assertThat(asked.statusCode()).isEqualTo(402);
            String payment = client.pay(asked, node.scheme, clock.instant());

            HttpResponse<String> answer = client.postTo(ResponseClient.PATH, body, "PAYMENT-SIGNATURE", payment);

            assertThat(answer.statusCode()).isEqualTo(200);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            PaymentBinding paid = (stream ? ResponseBytes.ofStream(bytes) : ResponseBytes.ofBody(bytes)).receipt().receipt().payment().orElseThrow();
            assertThat(paid.charged()).isEqualTo(BigInteger.valueOf("user:hello".length() * 1000 + 6 * 4000));
            assertThat(client.postTo(ResponseClient.PATH, body, "PAYMENT-SIGNATURE", payment).body()).isEqualTo(answer.body());
        }
        assertThat(node.ledger.totals().receipts()).isEqualTo(2);
    }

    @Test
    void letsNobodyGoOnWithAConversationThatSomebodyElsePaidForAndTakesNothingForTheTry() throws Exception {
        JsonNode first = Client.JSON.readTree(pay(client, ResponseClient.request("one"), node, clock.instant()).body());
        ObjectNode next = ResponseClient.after(first, "two");
        try (Client other = new Client(node.url())) {
            HttpResponse<String> refused = pay(other, next, node, clock.instant());

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Client.code(refused)).isEqualTo("previous_response_not_found");
            assertThat(node.ledger.totals().receipts()).isEqualTo(1);
            assertThat(node.ledger.totals().reserved()).isZero();
        }
        JsonNode second = Client.JSON.readTree(pay(client, next, node, clock.instant()).body());
        assertThat(second.at("/output/0/content/0/text").asText()).isEqualTo("two");
        assertThat(second.at("/usage/input_tokens").asInt()).isEqualTo("user:oneassistant:oneuser:two".length());
    }

    @Test
    void givesAPaidResponseToWhoKnowsItsId() throws Exception {
        HttpResponse<String> made = pay(client, ResponseClient.request("one"), node, clock.instant());
        JsonNode response = Client.JSON.readTree(made.body());
        String path = ResponseClient.PATH + "/" + response.path("id").asText();

        assertThat(client.get(path).body()).isEqualTo(made.body());
        assertThat(client.get(path + "/input_items").statusCode()).isEqualTo(200);
        assertThat(client.call("DELETE", path).statusCode()).isEqualTo(200);
        assertThat(client.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void givesThePaymentBackAndKeepsNothingWhenTheEngineFails() throws Exception {
        for (boolean stream : List.of(false, true)) {
            ObjectNode body = ResponseClient.request("ab" + EchoEngine.POISON).put("stream", stream);
            HttpResponse<String> failed = pay(client, body, node, clock.instant());

            assertThat(failed.body()).contains(stream ? "response.failed" : "internal_error");
        }
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().receipts()).isZero();
    }

    @Test
    void keepsThePaymentsStateWithTheReceipt() throws Exception {
        HttpResponse<String> answer = pay(client, ResponseClient.request("hi"), node, clock.instant());

        String payment = answer.headers().firstValue("Candor-Payment-Id").orElseThrow();
        assertThat(node.ledger.payment(payment).orElseThrow().state()).isEqualTo(PaymentState.CHARGED);
    }
}
