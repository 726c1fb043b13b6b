package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.EchoEngine;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.TestClock;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaidChatTest extends ServedNode {
    private static final int PROMPT = "user:hello".length();

    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T12:00:00Z"));

    @Override
    HttpFixture.Setup setup() {
        return new HttpFixture.Setup(true, 4, 60, 4096, 64 * 1024, 1024 * 1024, Long.MAX_VALUE, clock);
    }

    @Test
    void asksForTheCapOfPromptAndMaxTokens() throws Exception {
        HttpResponse<String> asked = client.post(Client.chat("hello").put("max_tokens", 10));

        assertThat(asked.statusCode()).isEqualTo(402);
        assertThat(asked.headers().firstValue("cache-control")).contains("no-store");
        JsonNode error = Client.JSON.readTree(asked.body()).path("error");
        assertThat(error.fieldNames()).toIterable().contains("message", "type", "param", "code");
        assertThat(error.path("code").asText()).isEqualTo("payment_required");
        PaymentRequired terms = new X402Codec().decodeRequired(asked.headers().firstValue("PAYMENT-REQUIRED").orElseThrow());
        assertThat(terms.accepts()).hasSize(1);
        assertThat(terms.accepts().getFirst().scheme()).isEqualTo("upto");
        assertThat(terms.accepts().getFirst().amount()).isEqualTo(Integer.toString(PROMPT * 1000 + 10 * 4000));
        assertThat(terms.resource().url()).isEqualTo(node.url() + "/v1/chat/completions");
        HttpResponse<String> again = client.post(Client.chat("hello").put("max_tokens", 10));
        assertThat(again.headers().firstValue("PAYMENT-REQUIRED")).isEqualTo(asked.headers().firstValue("PAYMENT-REQUIRED"));
    }

    @Test
    void chargesWhatWasUsedAndSaysSoInTheReceipt() throws Exception {
        HttpResponse<String> answer = paid(Client.chat("hello"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("cache-control")).contains("private");
        BigInteger charged = BigInteger.valueOf(PROMPT * 1000 + 6 * 4000);
        PaymentBinding payment = ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8)).receipt().receipt().payment().orElseThrow();
        assertThat(payment.charged()).isEqualTo(charged);
        assertThat(payment.cap()).isEqualTo(BigInteger.valueOf(PROMPT * 1000 + 512 * 4000));
        JsonNode candor = Client.JSON.readTree(answer.body()).path("candor");
        assertThat(candor.path("charged").asText()).isEqualTo(charged.toString());
        String id = answer.headers().firstValue("Candor-Payment-Id").orElseThrow();
        assertThat(candor.path("payment_id").asText()).isEqualTo(id);
        JsonNode state = Client.JSON.readTree(client.get("/x402/payments/" + id).body());
        assertThat(state.path("state").asText()).isEqualTo("charged");
        assertThat(state.path("charged").asText()).isEqualTo(charged.toString());
        assertThat(state.path("receipt").asText()).isEqualTo(candor.path("receipt_id").asText());
        assertThat(new X402Codec().decodeSettlement(answer.headers().firstValue("PAYMENT-RESPONSE").orElseThrow()).amount())
                .isEqualTo(charged.toString());
    }

    @Test
    void keepsAReceiptOfAPaidAnswerThatWantsNone() throws Exception {
        HttpResponse<String> answer = paid(Client.chat("hello").put("verification", "none"));

        assertThat(answer.body()).doesNotContain("\"candor\"");
        String payment = answer.headers().firstValue("Candor-Payment-Id").orElseThrow();
        assertThat(node.ledger.payment(payment).orElseThrow().receipt()).isPresent();
    }

    @Test
    void givesTheStoredAnswerByteForByteWhenThePaymentComesAgain() throws Exception {
        for (boolean stream : List.of(true, false)) {
            ObjectNode body = Client.chat("hello").put("stream", stream);
            String payment = sign(body);
            HttpResponse<String> first = client.post(body, "PAYMENT-SIGNATURE", payment);

            HttpResponse<String> second = client.post(body, "PAYMENT-SIGNATURE", payment);

            assertThat(second.statusCode()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(second.headers().firstValue("content-type")).isEqualTo(first.headers().firstValue("content-type"));
            assertThat(second.headers().firstValue("Candor-Receipt-Id")).isEqualTo(first.headers().firstValue("Candor-Receipt-Id"));
        }
        assertThat(node.ledger.totals().receipts()).isEqualTo(2);
    }

    @Test
    void refusesAnAnsweredPaymentOnceTheAnswerIsForgotten() throws Exception {
        ObjectNode body = Client.chat("hello");
        String payment = sign(body);
        String receipt = client.post(body, "PAYMENT-SIGNATURE", payment).headers().firstValue("Candor-Receipt-Id").orElseThrow();
        clock.advance(AnswerCache.LIFETIME);

        HttpResponse<String> late = client.post(body, "PAYMENT-SIGNATURE", payment);

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(Client.code(late)).isEqualTo("payment_already_used");
        assertThat(late.headers().firstValue("x-should-retry")).contains("false");
        assertThat(Client.JSON.readTree(late.body()).path("error").path("receipt_id").asText()).isEqualTo(receipt);
    }

    @Test
    void refusesAPaymentForAnotherBody() throws Exception {
        String payment = sign(Client.chat("hello"));
        client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payment);

        HttpResponse<String> other = client.post(Client.chat("hallo"), "PAYMENT-SIGNATURE", payment);

        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(Client.code(other)).isEqualTo("payment_already_used");
        assertThat(other.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void answersOneOfFiftyParallelCopies() throws Exception {
        ObjectNode body = Client.chat("hello");
        String payment = sign(body);
        node.engine.hold();

        List<CompletableFuture<HttpResponse<String>>> copies = IntStream.range(0, 50)
                .mapToObj(i -> client.http().sendAsync(
                        client.chatRequest(body.toString(), "PAYMENT-SIGNATURE", payment), HttpResponse.BodyHandlers.ofString()))
                .toList();
        CompletableFuture.anyOf(copies.toArray(CompletableFuture[]::new)).join();
        List<Integer> refused = copies.stream().filter(CompletableFuture::isDone).map(copy -> copy.join().statusCode()).toList();
        assertThat(refused).isNotEmpty().containsOnly(409);
        node.engine.release();

        List<HttpResponse<String>> answers = copies.stream().map(CompletableFuture::join).toList();
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 200).map(HttpResponse::body).distinct()).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.statusCode() != 200)).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(Client.code(answer)).isEqualTo("payment_in_use");
            assertThat(answer.headers().firstValue("x-should-retry")).contains("true");
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
            assertThat(answer.headers().firstValue("retry-after-ms")).contains("1000");
        });
        assertThat(node.ledger.totals().receipts()).isEqualTo(1);
        assertThat(node.ledger.due(PaymentState.CHARGED, 10)).hasSize(1);
    }

    @Test
    void honoursAnOfferForFiveMinutesAfterAPriceChange() throws Exception {
        String inTime = sign(Client.chat("hello"));
        String late = sign(Client.chat("hello"));
        node.prices.set(HttpFixture.MODEL, new Price(BigInteger.valueOf(2000), BigInteger.valueOf(8000)));

        HttpResponse<String> honoured = client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", inTime);
        clock.advance(Duration.ofMinutes(5));
        HttpResponse<String> refused = client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", late);

        assertThat(honoured.statusCode()).isEqualTo(200);
        assertThat(Client.JSON.readTree(honoured.body()).path("candor").path("charged").asText())
                .isEqualTo(Integer.toString(PROMPT * 1000 + 6 * 4000));
        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(refused.headers().firstValue("PAYMENT-REQUIRED")).isPresent();
    }

    @Test
    void givesThePaymentBackWhenTheEngineBreaksDown() throws Exception {
        String payment = sign(Client.chat("hello"));
        node.engine.breakDown();

        assertThat(client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(500);
        assertThat(node.ledger.totals().reserved()).isZero();
    }

    @Test
    void aPaymentWhoseRequestFailedIsGoodAgainAndIsChargedOnce() throws Exception {
        ObjectNode body = Client.chat("hello");
        String payment = sign(body);
        node.engine.breakDown();
        HttpResponse<String> failed = client.post(body, "PAYMENT-SIGNATURE", payment);
        assertThat(failed.headers().firstValue("x-should-retry")).contains("true");
        node.engine.repair();

        HttpResponse<String> answer = client.post(body, "PAYMENT-SIGNATURE", payment);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(client.post(body, "PAYMENT-SIGNATURE", payment).body()).isEqualTo(answer.body());
        assertThat(node.ledger.due(PaymentState.CHARGED, 10)).hasSize(1);
        assertThat(node.ledger.totals().receipts()).isEqualTo(1);
    }

    @Test
    void whatWasPaidForIsGivenAgainWhileTheNodeIsFull() throws Exception {
        ObjectNode body = Client.chat("hello");
        String payment = sign(body);
        HttpResponse<String> first = client.post(body, "PAYMENT-SIGNATURE", payment);
        String held = sign(Client.chat("others"));
        node.engine.hold();
        List<String> others = new ArrayList<>(List.of(held));
        for (int i = 1; i < 64; i++) {
            others.add(sign(Client.chat("others")));
        }
        List<CompletableFuture<HttpResponse<String>>> all = others.stream().map(each -> client.http().sendAsync(
                client.chatRequest(Client.chat("others").toString(), "PAYMENT-SIGNATURE", each), HttpResponse.BodyHandlers.ofString())).toList();
        while (node.services().admission().inside() < 64) {
            Thread.onSpinWait();
        }
        assertThat(Client.code(client.post(body))).isEqualTo("queue_full");

        assertThat(client.post(body, "PAYMENT-SIGNATURE", payment).body()).isEqualTo(first.body());
        node.engine.release();
        assertThat(all).allSatisfy(each -> assertThat(each.join().statusCode()).isEqualTo(200));
    }

    @Test
    void refusesBeforeThePaymentABodyThatNoReceiptCouldName() throws Exception {
        String good = Client.chat("hello").put("stream", true).toString();
        String payment = sign(Client.chat("hello").put("stream", true));
        for (String bad : List.of("\\ud800", "\\udc00x")) {
            HttpResponse<String> refused = client.post(good.replace("hello", bad), "PAYMENT-SIGNATURE", payment);

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Client.code(refused)).isEqualTo("invalid_json");
        }
        assertThat(client.post(good.replace("\"seed\":7", "\"seed\":7,\"x\":1e999"), "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(400);
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.totals().receipts()).isZero();
    }

    @Test
    void receiptsEveryValueThatTheParserLetsThrough() throws Exception {
        ObjectNode body = Client.chat("hello").put("seed", Long.MIN_VALUE).put("top_k", Integer.MAX_VALUE).put("temperature", 2)
                .put("repetition_penalty", 1e-9).put("top_p", 1e-9).put("min_p", 1).put("frequency_penalty", -2).put("presence_penalty", 2)
                .put("max_tokens", Integer.MAX_VALUE).put("min_tokens", Integer.MAX_VALUE).put("ignore_eos", true);
        body.putArray("stop").add("\u0000").add("\ud83d\ude00").add("x".repeat(256)).add("\"");

        HttpResponse<String> answer = paid(body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ResponseBytes.ofBody(answer.body().getBytes(StandardCharsets.UTF_8)).receipt().receipt().sampling().seed()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void refusesAHeaderThatIsNoPayment() throws Exception {
        HttpResponse<String> refused = client.post(Client.chat("hello"), "PAYMENT-SIGNATURE", "e30=");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.code(refused)).isEqualTo("invalid_payment");
    }

    @Test
    void givesThePaymentBackWhenTheEngineFails() throws Exception {
        ObjectNode whole = Client.chat("ab" + EchoEngine.POISON);
        ObjectNode stream = Client.chat("ab" + EchoEngine.POISON).put("stream", true);

        HttpResponse<String> failed = paid(whole);
        HttpResponse<String> broken = paid(stream);

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).doesNotContain("secret");
        assertThat(Client.JSON.readTree(failed.body()).path("error").path("message").asText())
                .contains(failed.headers().firstValue("x-request-id").orElseThrow());
        assertThat(broken.statusCode()).isEqualTo(200);
        assertThat(broken.body()).contains("data: {\"error\":{\"message\"").doesNotContain("[DONE]", "secret", "candor-receipt");
        assertThat(node.ledger.totals().reserved()).isZero();
        assertThat(node.ledger.due(PaymentState.CHARGED, 10)).isEmpty();
    }

    private HttpResponse<String> paid(ObjectNode body) throws Exception {
        return client.post(body, "PAYMENT-SIGNATURE", sign(body));
    }

    private String sign(ObjectNode body) throws Exception {
        return client.pay(client.post(body), node.scheme, clock.instant());
    }
}
