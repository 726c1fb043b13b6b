package dev.candor.settlement.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402Vectors;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UptoPermit2SchemeTest {
    private static final BigInteger ORDER = new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    private static final Instant NOW = Instant.ofEpochSecond(1_764_000_000);
    private static final EvmAddress PERMIT2 = EvmAddress.parse("0x000000000022D473030F116dDEE9F6B43aC78BA3");
    private static final EvmAddress PROXY = EvmAddress.parse("0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final UptoPermit2Scheme scheme = new UptoPermit2Scheme(84532, PERMIT2, PROXY);
    private final Secp256k1KeyPair wallet =
            Secp256k1KeyPair.of(HexFormat.of().parseHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
    private final X402Codec codec = new X402Codec();

    @ParameterizedTest
    @MethodSource("dev.candor.settlement.x402.X402Vectors#upto")
    void hashesTheVectorsTypedData(JsonNode vector) throws Exception {
        JsonNode eip712 = vector.path("eip712");
        UptoTypedData typedData = new UptoTypedData(84532, PERMIT2);
        UptoAuthorization authorization = scheme.parse(vector.path("paymentPayload").path("payload"));

        assertThat(hex(typedData.domainSeparator())).isEqualTo(eip712.path("domainSeparator").textValue());
        assertThat(hex(typedData.structHash(authorization))).isEqualTo(eip712.path("structHash").textValue());
        assertThat(hex(typedData.digest(authorization))).isEqualTo(eip712.path("digest").textValue());
    }

    @ParameterizedTest
    @MethodSource("dev.candor.settlement.x402.X402Vectors#upto")
    void signsTheVectorsPaymentBitForBit(JsonNode vector) throws Exception {
        PaymentPayload payment = codec.payloadFromJson(vector.path("paymentPayload").toString());
        BigInteger nonce = new BigInteger(vector.path("fixedRandom32").textValue().substring(2), 16);

        PaymentPayload signed = scheme.sign(wallet, payment.accepted(), payment.resource(), NOW, nonce);

        assertThat(signed.payload().path("signature")).isEqualTo(vector.path("eip712").path("signature"));
        assertThat(codec.encode(signed)).isEqualTo(vector.path("headers").path("PAYMENT-SIGNATURE").textValue());
    }

    @ParameterizedTest
    @MethodSource("dev.candor.settlement.x402.X402Vectors#upto")
    void encodesTheVectorsSettleCall(JsonNode vector) throws Exception {
        UptoAuthorization authorization = scheme.parse(vector.path("paymentPayload").path("payload"));

        byte[] calldata = scheme.settleCalldata(authorization, new BigInteger("123456"));

        assertThat(hex(calldata)).isEqualTo(vector.path("settle").path("calldata").textValue());
    }

    @Test
    void takesAPaymentThatARealClientSigned() throws Exception {
        JsonNode request = X402Vectors.observed("observed-e2e-u.json").get(1).path("request").path("headers");
        PaymentPayload payment = codec.decodePayload(request.path("payment-signature").textValue());

        UptoAuthorization taken = scheme.verify(payment, payment.accepted(), Instant.ofEpochSecond(1_795_214_800));

        assertThat(taken.payer()).isEqualTo(wallet.address());
        assertThat(taken.cap()).isEqualTo(500_000);
    }

    @Test
    void takesWhatItSigned() throws Exception {
        PaymentPayload payment = signed();

        UptoAuthorization taken = scheme.verify(payment, offer(), NOW);

        assertThat(taken.payer()).isEqualTo(wallet.address());
        assertThat(taken.lapses()).isEqualTo(NOW.plusSeconds(300));
    }

    @Test
    void takesANonceInHexadecimalToo() throws Exception {
        String hexNonce = "0x" + nonce().toString(16);

        assertThat(scheme.verify(changed(body -> body.put("nonce", hexNonce)), offer(), NOW).nonce()).isEqualTo(nonce());
    }

    @Test
    void drawsNoncesOf256Bits() {
        SecureRandom random = new SecureRandom();
        BigInteger all = BigInteger.ZERO;
        for (int i = 0; i < 64; i++) {
            all = all.or(UptoPermit2Scheme.randomNonce(random));
        }
        assertThat(all.bitLength()).isEqualTo(256);
    }

    @Test
    void refusesEverySignedMemberThatIsChangedAfterwards() {
        refused("invalid_permit2_spender", body -> body.put("spender", other()));
        refused("invalid_permit2_recipient_mismatch", body -> witness(body).put("to", other()));
        refused("upto_facilitator_mismatch", body -> witness(body).put("facilitator", other()));
        refused("permit2_amount_mismatch", body -> permitted(body).put("amount", "500001"));
        refused("permit2_amount_mismatch", body -> permitted(body).put("amount", "499999"));
        refused("permit2_token_mismatch", body -> permitted(body).put("token", other()));
        refused("permit2_deadline_expired", body -> body.put("deadline", Long.toString(NOW.getEpochSecond() + 5)));
        refused("permit2_not_yet_valid", body -> witness(body).put("validAfter", Long.toString(NOW.getEpochSecond() + 1)));
        refused("invalid_permit2_signature", body -> body.put("from", other()));
        refused("invalid_permit2_signature", body -> body.put("nonce", "1"));
        refused("invalid_permit2_signature", body -> body.put("deadline", Long.toString(NOW.getEpochSecond() + 299)));
        refused("invalid_permit2_signature", body -> witness(body).put("validAfter", "1"));
    }

    @Test
    void refusesAPaymentForAnotherChain() throws Exception {
        UptoPermit2Scheme elsewhere = new UptoPermit2Scheme(8453, PERMIT2, PROXY);
        PaymentRequirements there = with(offer(), offer -> offer.put("network", "eip155:8453"));
        PaymentPayload payment = elsewhere.sign(wallet, there, null, NOW, nonce());

        refused("invalid_upto_evm_network_mismatch", payment, offer());
        PaymentPayload relabelled = new PaymentPayload(2, payment.payload(), null, offer(), null);
        refused("invalid_permit2_signature", relabelled, offer());
    }

    @Test
    void refusesAPaymentOverAnotherPermit2() throws Exception {
        UptoPermit2Scheme other = new UptoPermit2Scheme(84532, PROXY, PROXY);

        refused("invalid_permit2_signature", other.sign(wallet, offer(), null, NOW, nonce()), offer());
    }

    @Test
    void refusesAPaymentOfAnotherScheme() throws Exception {
        PaymentPayload payment = signed();
        PaymentRequirements exact = with(offer(), offer -> offer.put("scheme", "exact"));

        refused("invalid_upto_evm_scheme", new PaymentPayload(2, payment.payload(), null, exact, null), offer());
    }

    @ParameterizedTest
    @CsvSource({"scheme,exact", "network,eip155:1", "amount,1e3", "amount,-1", "amount,0x10", "asset,0x12", "payTo,nobody"})
    void neverSignsAnOfferItCannotRead(String member, String value) throws Exception {
        PaymentRequirements offer = with(offer(), json -> json.put(member, value));

        assertThatThrownBy(() -> scheme.sign(wallet, offer, null, NOW, nonce())).isInstanceOf(SchemeException.class);
    }

    @Test
    void neverSignsAnOfferWithoutAFacilitator() throws Exception {
        PaymentRequirements offer = with(offer(), json -> ((ObjectNode) json.get("extra")).remove("facilitatorAddress"));

        assertThatThrownBy(() -> scheme.sign(wallet, offer, null, NOW, nonce()))
                .isInstanceOf(SchemeException.class)
                .hasMessageContaining("facilitatorAddress");
    }

    @Test
    void refusesOtherFormsOfTheSameSignature() throws Exception {
        byte[] signature = HexFormat.of().parseHex(signed().payload().path("signature").textValue().substring(2));
        BigInteger s = new BigInteger(1, java.util.Arrays.copyOfRange(signature, 32, 64));
        byte[] highS = signature.clone();
        byte[] mirrored = ORDER.subtract(s).toByteArray();
        System.arraycopy(mirrored, mirrored.length - 32, highS, 32, 32);
        highS[64] = (byte) (27 + 28 - signature[64]);
        byte[] zeroBasedV = signature.clone();
        zeroBasedV[64] -= 27;
        byte[] otherV = signature.clone();
        otherV[64] = (byte) (27 + 28 - signature[64]);

        for (byte[] form : new byte[][] {highS, zeroBasedV, otherV, new byte[65]}) {
            refused("invalid_permit2_signature", withSignature(hex(form)), offer());
        }
        for (String form : new String[] {hex(signature) + "00", hex(signature).substring(0, 130), "", "0x", hex(signature).substring(2)}) {
            refused("invalid_payload", withSignature(form), offer());
        }
    }

    @Test
    void refusesABitFlippedAnywhereInTheSignature() throws Exception {
        byte[] signature = HexFormat.of().parseHex(signed().payload().path("signature").textValue().substring(2));
        for (int bit = 0; bit < signature.length * 8; bit += 7) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused("invalid_permit2_signature", withSignature(hex(flipped)), offer());
        }
    }

    @Test
    void refusesPayloadsOfTheWrongShape() {
        refused("invalid_payload", body -> body.remove("from"));
        refused("invalid_payload", body -> body.put("from", 5));
        refused("invalid_payload", body -> body.put("from", "0x12"));
        refused("invalid_payload", body -> body.remove("permitted"));
        refused("invalid_payload", body -> body.put("witness", "x"));
        refused("invalid_payload", body -> body.put("nonce", 7));
        refused("invalid_payload", body -> body.put("nonce", "007"));
        refused("invalid_payload", body -> body.put("nonce", "-1"));
        refused("invalid_payload", body -> body.put("nonce", "1".repeat(79)));
        refused("invalid_payload", body -> body.put("nonce", BigInteger.TWO.pow(256).toString()));
        refused("invalid_payload", body -> body.put("nonce", "0x" + "f".repeat(65)));
        refused("invalid_payload", body -> body.put("deadline", "١٢٣"));
    }

    @Test
    void settlesBetweenOneUnitAndTheCapOnly() throws Exception {
        UptoAuthorization authorization = scheme.parse(signed().payload());

        assertThatThrownBy(() -> scheme.settleCalldata(authorization, BigInteger.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scheme.settleCalldata(authorization, new BigInteger("500001"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(scheme.settleCalldata(authorization, new BigInteger("500000"))).hasSize(4 + 10 * 32 + 32 + 96);
    }

    @Test
    void everyMutatedPayloadIsReadOrRefusedInWords() throws Exception {
        Random random = new Random(712);
        byte[] good = signed().payload().toString().getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(95));
            readsOrRefuses(bytes);
        }
    }

    @FuzzTest
    void anyPayloadIsReadOrRefusedInWords(byte[] bytes) {
        readsOrRefuses(bytes);
    }

    private void readsOrRefuses(byte[] bytes) {
        try {
            JsonNode payload = JSON.readTree(bytes);
            UptoAuthorization read = scheme.parse(payload);
            assertThat(scheme.parse(UptoPayloadJson.write(read))).isEqualTo(read);
        } catch (SchemeException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(e.isMalformed()).isTrue();
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }

    private void refused(String code, Consumer<ObjectNode> change) {
        refused(code, changed(change), offer());
    }

    private void refused(String code, PaymentPayload payment, PaymentRequirements offer) {
        assertThatThrownBy(() -> scheme.verify(payment, offer, NOW))
                .isInstanceOfSatisfying(SchemeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private PaymentPayload changed(Consumer<ObjectNode> change) {
        PaymentPayload payment = signed();
        ObjectNode payload = payment.payload().deepCopy();
        change.accept((ObjectNode) payload.get("permit2Authorization"));
        return new PaymentPayload(2, payload, null, payment.accepted(), null);
    }

    private PaymentPayload withSignature(String signature) {
        ObjectNode payload = signed().payload().deepCopy();
        payload.put("signature", signature);
        return new PaymentPayload(2, payload, null, offer(), null);
    }

    private PaymentPayload signed() {
        try {
            return scheme.sign(wallet, offer(), null, NOW, nonce());
        } catch (SchemeException e) {
            throw new AssertionError(e);
        }
    }

    private static PaymentRequirements offer() {
        ObjectNode extra = JSON.createObjectNode()
                .put("name", "OpenGradient")
                .put("version", "1")
                .put("assetTransferMethod", "permit2")
                .put("facilitatorAddress", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
        return new PaymentRequirements("upto", "eip155:84532", "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
                "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", 300, "500000", extra);
    }

    private static PaymentRequirements with(PaymentRequirements offer, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = JSON.valueToTree(offer);
        change.accept(json);
        return new PaymentRequirements(json.get("scheme").textValue(), json.get("network").textValue(), json.get("asset").textValue(),
                json.get("payTo").textValue(), json.get("maxTimeoutSeconds").longValue(), json.get("amount").textValue(), json.get("extra"));
    }

    private static ObjectNode witness(ObjectNode body) {
        return (ObjectNode) body.get("witness");
    }

    private static ObjectNode permitted(ObjectNode body) {
        return (ObjectNode) body.get("permitted");
    }

    private static BigInteger nonce() {
        return new BigInteger("455867356320691211509944977504407603390036387149619137164185182714736811808");
    }

    private static String other() {
        return "0x1111111111111111111111111111111111111111";
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
