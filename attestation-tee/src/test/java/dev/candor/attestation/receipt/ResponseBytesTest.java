package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.testing.ReceiptSamples;
import dev.candor.attestation.testing.ReceiptSamples.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseBytesTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();

    static Stream<Exchange> streams() {
        return answers(OutputBinding.SSE);
    }

    static Stream<Exchange> bodies() {
        return answers(OutputBinding.JSON);
    }

    private static Stream<Exchange> answers(String format) {
        return SAMPLES.all().stream().filter(exchange -> exchange.receipt().output().format().equals(format));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void unstreamedAnswersGiveTheirReceiptAndFitIt(Exchange exchange) throws Exception {
        ResponseBytes read = ResponseBytes.ofBody(exchange.response());
        assertThat(read.receipt().cose()).isEqualTo(exchange.cose());
        ReceiptChecks.output(exchange.receipt(), exchange.request(), read);
        ReceiptChecks.request(exchange.receipt(), exchange.receipt().request().path(), exchange.request(), exchange.nonce());
        ReceiptChecks.payment(exchange.receipt());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamedAnswersGiveTheirReceiptAndFitIt(Exchange exchange) throws Exception {
        ResponseBytes read = ResponseBytes.ofStream(exchange.response());
        assertThat(read.receipt().cose()).isEqualTo(exchange.cose());
        ReceiptChecks.output(exchange.receipt(), exchange.request(), read);
        ReceiptChecks.request(exchange.receipt(), exchange.receipt().request().path(), exchange.request(), exchange.nonce());
        ReceiptChecks.payment(exchange.receipt());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void everyFlippedByteOfAStreamIsRefused(Exchange exchange) {
        for (int at = 0; at < exchange.response().length; at++) {
            if (isUnsigned(exchange.response(), at)) {
                continue;
            }
            byte[] changed = exchange.response().clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> accept(exchange, ResponseBytes.ofStream(changed))).as("byte %d", at).isInstanceOf(ReceiptVerificationException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void everyFlippedByteOfAnUnstreamedAnswerIsRefused(Exchange exchange) {
        byte[] response = exchange.response();
        for (int at = 0; at < response.length; at++) {
            if (isUnsigned(response, at)) {
                continue;
            }
            byte[] changed = response.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> accept(exchange, ResponseBytes.ofBody(changed))).as("byte %d", at).isInstanceOf(ReceiptVerificationException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsThatDoNotEndWithTheirReceiptAreRefused(Exchange exchange) {
        byte[] whole = exchange.response();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ResponseBytes.ofStream(cut)).isInstanceOf(ReceiptVerificationException.class);
        }
        String text = new String(whole, StandardCharsets.UTF_8);
        refused(text + "data: {\"choices\":[]}\n\n", "must end with");
        refused(text + " ", "must end with");
        refused(text.replace("data: [DONE]", "data: {\"choices\":[]}\n\ndata: [DONE]"), "must end with");
        refused("data: x\n" + text.substring(text.indexOf(exchange.name().equals("event") ? "event: candor" : ": candor-tokens")), "inside another event");
        refused("data: {\"error\":{\"message\":\"broken\"}}\n\n" + text, "carries an error instead of an answer: broken");
        refused("data: [DONE]\n\n", "carries no receipt");
    }

    @Test
    void tokenCommentsWithoutAReceiptAndMisshapenOnesAreRefused() {
        refused(": candor-tokens AAAAAA\n\ndata: [DONE]\n\n", "no receipt");
        refused(": candor-tokens AAAA\n\n: candor-receipt AA\n\ndata: [DONE]\n\n", "words of 4 bytes");
        refused(": candor-receipt A=\n\ndata: [DONE]\n\n", "base64url");
        refused(": candor-tokens AAAAAA\n\n".repeat(200), "more than 128");
        refused("event: candor.receipt\ndata: {\"receipt\":1}\n\ndata: [DONE]\n\n", "token_ids");
    }

    @Test
    void unstreamedAnswersWithoutAProperMemberAreRefused() throws Exception {
        refusedBody("{\"choices\":[]}", "no member candor");
        refusedBody("{\"choices\":[],\"candor\":{}}", "token_ids");
        refusedBody("[]", "not an object");
        refusedBody("{\"candor\":{\"token_ids\":[[4294967296]]}}", "unsigned 32-bit");
        refusedBody("{\"candor\":{\"token_ids\":[[-1]]}}", "unsigned 32-bit");
        ObjectNode otherId = StrictJson.parseObject(SAMPLES.json().response());
        otherId.withObject("/candor").put("receipt_id", "rcpt_" + "0".repeat(32));
        refusedBody(otherId.toString(), "receipt id");
        ObjectNode charged = StrictJson.parseObject(SAMPLES.json().response());
        charged.withObject("/candor").put("charged", "1");
        refusedBody(charged.toString(), "charged amount");
    }

    @Test
    void answersOfAnotherRequestAreRefusedNamingTheFirstDifference() throws Exception {
        Receipt receipt = SAMPLES.stream().receipt();
        assertThatThrownBy(() -> ReceiptChecks.output(receipt, SAMPLES.stream().request(), ResponseBytes.ofBody(SAMPLES.json().response()))).hasMessageContaining("answer format");
        assertThatThrownBy(() -> ReceiptChecks.request(receipt, "/v1/completions", SAMPLES.stream().request(), SAMPLES.stream().nonce()))
                .hasMessageContaining("request path");
        assertThatThrownBy(() -> ReceiptChecks.request(receipt, ReceiptSamples.PATH, SAMPLES.json().request(), SAMPLES.stream().nonce()))
                .hasMessageContaining("request body");
        assertThatThrownBy(() -> ReceiptChecks.request(receipt, ReceiptSamples.PATH, SAMPLES.stream().request(), Optional.empty()))
                .hasMessageContaining("client nonce");
    }

    @Test
    void tokenIdsBeyondThirtyOneBitsSurvive() throws Exception {
        int[] ids = {0, -1, Integer.MIN_VALUE, 7};
        assertThat(TokenDigest.parse(TokenDigest.bytes(ids))).isEqualTo(ids);
        assertThat(TokenDigest.bytes(new int[] {1, 258})).isEqualTo(new byte[] {1, 0, 0, 0, 2, 1, 0, 0});
        ReceiptAttachment attachment = new ReceiptAttachment(
                SAMPLES.json().receipt().id(), SAMPLES.json().cose(), List.of(ids), Optional.empty(), Optional.empty(), Optional.empty());
        byte[] body = attachment.attachTo(StrictJson.parseObject("{\"choices\":[{\"index\":0}]}".getBytes(StandardCharsets.UTF_8)));
        assertThat(ResponseBytes.ofBody(body).tokenIds().getFirst()).isEqualTo(ids);
    }

    /** The payment's id is the only value beside the receipt that the receipt does not repeat. */
    private static boolean isUnsigned(byte[] response, int at) {
        int from = new String(response, StandardCharsets.ISO_8859_1).indexOf("pay_1");
        return from >= 0 && at >= from && at < from + 5;
    }

    private static void accept(Exchange exchange, ResponseBytes read) throws ReceiptVerificationException {
        read.receipt().verifySignature(SAMPLES.key.compressedPublicKey());
        ReceiptChecks.output(read.receipt().receipt(), exchange.request(), read);
    }

    private static void refused(String stream, String reason) {
        assertThatThrownBy(() -> ResponseBytes.ofStream(stream.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(reason);
    }

    private static void refusedBody(String body, String reason) {
        assertThatThrownBy(() -> ResponseBytes.ofBody(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(reason);
    }
}
