package dev.candor.settlement.x402;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class X402CodecTest {
    private static final String OFFER = """
            {"scheme":"upto","network":"eip155:84532","asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e",\
            "payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","maxTimeoutSeconds":300,"amount":"500000","extra":{"name":"USDC"}}""";
    private static final String PAYLOAD = "{\"x402Version\":2,\"payload\":{\"signature\":\"0x00\"},\"resource\":{\"url\":\"http://a/b\"},"
            + "\"accepted\":" + OFFER + "}";

    private final X402Codec codec = new X402Codec();

    @ParameterizedTest
    @MethodSource("dev.candor.settlement.x402.X402Vectors#upto")
    void writesTheHeadersOfTheVectorsBitForBit(JsonNode vector) throws Exception {
        String required = vector.path("paymentRequiredHeaderBase64").textValue();
        String signature = vector.path("headers").path(X402Headers.PAYMENT_SIGNATURE).textValue();

        assertThat(codec.encode(codec.decodeRequired(required))).isEqualTo(required);
        assertThat(codec.encode(codec.decodePayload(signature))).isEqualTo(signature);
    }

    @ParameterizedTest
    @MethodSource("dev.candor.settlement.x402.X402Vectors#others")
    void readsTheHeadersOfOtherSchemes(JsonNode vector) throws Exception {
        PaymentPayload payload = codec.decodePayload(vector.path("headers").path(X402Headers.PAYMENT_SIGNATURE).textValue());

        assertThat(payload.payload()).isEqualTo(vector.path("paymentPayload").path("payload"));
        assertThat(payload.accepted().amount()).isEqualTo(vector.path("paymentPayload").path("accepted").path("amount").textValue());
    }

    @Test
    void readsWhatARealServerAndClientExchanged() throws Exception {
        JsonNode exchange = X402Vectors.observed("observed-e2e-u.json");
        JsonNode offerAnswer = exchange.get(0).path("response").path("headers");
        JsonNode payRequest = exchange.get(1).path("request").path("headers");
        JsonNode payAnswer = exchange.get(1).path("response").path("headers");

        PaymentRequired required = codec.decodeRequired(offerAnswer.path("payment-required").textValue());
        PaymentPayload payment = codec.decodePayload(payRequest.path("payment-signature").textValue());
        SettlementResponse settled = codec.decodeSettlement(payAnswer.path("payment-response").textValue());

        assertThat(required.accepts().getFirst().matches(payment.accepted())).isTrue();
        assertThat(settled.success()).isTrue();
        assertThat(settled.amount()).isEqualTo("123456");
    }

    @Test
    void keepsASettlementThroughItsHeader() throws Exception {
        SettlementResponse response = new SettlementResponse(false, "settlement_pending", null, "0xab", "", "eip155:1", "0");

        assertThat(codec.decodeSettlement(codec.encode(response))).isEqualTo(response);
    }

    @Test
    void keepsAPaymentThroughTheFormItIsStoredIn() throws Exception {
        PaymentPayload payload = codec.payloadFromJson(PAYLOAD);

        assertThat(codec.payloadFromJson(codec.toJson(payload))).isEqualTo(payload);
        assertThat(codec.toJson(payload)).isEqualTo(PAYLOAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "!", "e30", "e30==", "e31=", "e30=\n", " e30=", "eyJhIjoiPz8_In0=", "W10=", "bnVsbA==", "MQ==", "e30=e30=",
    })
    void refusesHeadersThatAreNotCanonicalBase64OfOneObjectOfTheRightShape(String header) {
        assertThatThrownBy(() -> codec.decodePayload(header)).isInstanceOf(X402FormatException.class);
        assertThatThrownBy(() -> codec.decodeRequired(header)).isInstanceOf(X402FormatException.class);
        assertThatThrownBy(() -> codec.decodeSettlement(header)).isInstanceOf(X402FormatException.class);
    }

    @Test
    void refusesMoreThanTheLongestHeader() {
        assertThatThrownBy(() -> codec.decodePayload("A".repeat(X402Codec.MAX_HEADER + 1)))
                .isInstanceOf(X402FormatException.class)
                .hasMessageContaining("longer than 32768");
    }

    @Test
    void refusesDeepNesting() {
        String deep = PAYLOAD.replace("\"0x00\"", "[".repeat(100) + "]".repeat(100));

        assertThatThrownBy(() -> codec.decodePayload(base64(deep))).isInstanceOf(X402FormatException.class).hasMessageContaining("depth");
    }

    @Test
    void refusesAnotherProtocolVersionByItsOwnCode() {
        for (String version : List.of("1", "3", "\"2\"", "2.0", "null", "99999999999999999999")) {
            assertThatThrownBy(() -> codec.decodePayload(base64(PAYLOAD.replace("\"x402Version\":2", "\"x402Version\":" + version))))
                    .isInstanceOfSatisfying(X402FormatException.class, e -> assertThat(e.code()).isEqualTo("invalid_x402_version"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"accepted\":1", "\"accepted\":null", "\"accepted\":{}", "\"payload\":[]", "\"payload\":\"x\"", "\"resource\":{\"url\":\"\"}",
        "\"resource\":7", "\"extensions\":[]", "\"payload\":{},\"payload\":{}",
    })
    void refusesMembersOfTheWrongShape(String member) {
        String text = "{\"x402Version\":2," + member + (member.contains("payload") ? "" : ",\"payload\":{}")
                + (member.contains("accepted") ? "" : ",\"accepted\":" + OFFER) + "}";

        assertThatThrownBy(() -> codec.decodePayload(base64(text)))
                .isInstanceOfSatisfying(X402FormatException.class, e -> assertThat(e.code()).isEqualTo("invalid_payload"));
    }

    @Test
    void refusesOffersWithMembersOfTheWrongShape() {
        for (String[] change : new String[][] {
            {"\"upto\"", "7"}, {"\"upto\"", "\"\""}, {"eip155:84532", "base"}, {"300", "0"}, {"300", "-1"}, {"300", "1.5"},
            {"300", "\"300\""}, {"300", "1e400"}, {"\"500000\"", "500000"}, {"\"500000\"", "null"}, {"{\"name\":\"USDC\"}", "[]"},
        }) {
            String text = PAYLOAD.replace(change[0], change[1]);
            assertThatThrownBy(() -> codec.decodePayload(base64(text))).as(text).isInstanceOf(X402FormatException.class);
        }
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] bytes = PAYLOAD.getBytes(StandardCharsets.UTF_8);
        bytes[PAYLOAD.indexOf("0x00")] = (byte) 0xff;

        assertThatThrownBy(() -> codec.decodePayload(Base64.getEncoder().encodeToString(bytes)))
                .isInstanceOf(X402FormatException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void refusesTermsWithoutOffersAndWithTooMany() {
        String terms = "{\"x402Version\":2,\"resource\":{\"url\":\"u\"},\"accepts\":[%s]}";

        assertThatThrownBy(() -> codec.decodeRequired(base64(terms.formatted("")))).isInstanceOf(X402FormatException.class);
        assertThatThrownBy(() -> codec.decodeRequired(base64(terms.formatted(OFFER + ("," + OFFER).repeat(32)))))
                .isInstanceOf(X402FormatException.class);
    }

    @Test
    void ignoresMembersItDoesNotKnow() throws Exception {
        assertThat(codec.payloadFromJson(PAYLOAD.replace("{\"url\"", "{\"tags\":[\"a\"],\"url\"")).resource().url()).isEqualTo("http://a/b");
    }

    @Test
    void matchesAnEchoedOfferByEveryMemberAndTheServersExtraAlone() throws Exception {
        PaymentRequirements offer = codec.payloadFromJson(PAYLOAD).accepted();

        assertThat(offer.matches(echoed("{\"name\":\"USDC\"}", "{\"mine\":1,\"name\":\"USDC\"}"))).isTrue();
        assertThat(offer.matches(echoed("{\"name\":\"USDC\"}", "{\"name\":\"usdc\"}"))).isFalse();
        assertThat(offer.matches(echoed("{\"name\":\"USDC\"}", "{}"))).isFalse();
        assertThat(offer.matches(echoed(",\"extra\":{\"name\":\"USDC\"}", ""))).isFalse();
        assertThat(offer.matches(echoed("0x036CbD53842c5426634e7929541eC2318f3dCF7e", "0x036cbd53842c5426634e7929541ec2318f3dcf7e"))).isFalse();
        assertThat(offer.matches(echoed("\"500000\"", "\"0500000\""))).isFalse();
        assertThat(offer.matches(echoed("\"upto\"", "\"exact\""))).isFalse();
        assertThat(offer.matches(echoed("84532", "8453"))).isFalse();
        assertThat(offer.matches(echoed("0x209693", "0x209694"))).isFalse();
        assertThat(offer.matches(echoed(":300", ":301"))).isFalse();
        PaymentRequirements bare = new PaymentRequirements("s", "n:1", "a", "p", 1, "1", JsonNodeFactory.instance.nullNode());
        assertThat(bare.matches(new PaymentRequirements("s", "n:1", "a", "p", 1, "1", null))).isTrue();
    }

    @Test
    void everyMutatedHeaderIsReadOrRefusedInWords() {
        Random random = new Random(402);
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = PAYLOAD.getBytes(StandardCharsets.UTF_8);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            readsOrRefuses(Base64.getEncoder().encodeToString(bytes));
            readsOrRefuses(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    @FuzzTest
    void anyBytesAreReadOrRefusedInWords(byte[] bytes) {
        readsOrRefuses(Base64.getEncoder().encodeToString(bytes));
        readsOrRefuses(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private void readsOrRefuses(String header) {
        try {
            PaymentPayload payload = codec.decodePayload(header);
            assertThat(codec.decodePayload(codec.encode(payload))).isEqualTo(payload);
        } catch (X402FormatException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try {
            codec.decodeRequired(header);
        } catch (X402FormatException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private PaymentRequirements echoed(String from, String to) throws X402FormatException {
        return codec.payloadFromJson(PAYLOAD.replace(from, to)).accepted();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
