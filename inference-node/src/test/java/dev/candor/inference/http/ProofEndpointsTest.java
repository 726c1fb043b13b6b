package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.appraisal.EvidenceAppraiser;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks the node for, to check an answer by itself. */
@Timeout(180)
class ProofEndpointsTest extends ServedNode {
    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.paying();
    }

    @Test
    void servesTheVeryReceiptOfTheAnswerAsJsonAndAsCose() throws Exception {
        SignedReceipt receipt = ResponseBytes.ofBody(answer("hello").body().getBytes(StandardCharsets.UTF_8)).receipt();
        URI url = URI.create(node.url() + "/v1/receipts/" + receipt.receipt().id().value());

        HttpResponse<byte[]> cose = client.http().send(
                HttpRequest.newBuilder(url).header("accept", "application/cose").build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode json = Client.JSON.readTree(client.get(url.getPath()).body());

        assertThat(cose.headers().firstValue("content-type")).contains("application/cose");
        assertThat(cose.body()).isEqualTo(receipt.cose());
        assertThat(Base64.getUrlDecoder().decode(json.path("cose").asText())).isEqualTo(receipt.cose());
        assertThat(json.at("/receipt/payment/charged").asText()).isEqualTo(receipt.receipt().payment().orElseThrow().charged().toString());
    }

    @Test
    void servesTheEvidenceThatItsReceiptsNameAndThatBindsTheirKey() throws Exception {
        SignedReceipt receipt = ResponseBytes.ofBody(answer("hello").body().getBytes(StandardCharsets.UTF_8)).receipt();

        String current = client.get("/v1/attestation").body();
        String named = client.get("/v1/attestation/" + receipt.receipt().evidence().cpu().hex()).body();

        assertThat(named).isEqualTo(current).contains("proves nothing about the machine");
        Attestation attestation = Attestation.parse(current.getBytes(StandardCharsets.UTF_8));
        new EvidenceAppraiser().appraise(attestation, AppraisalPolicy.standard());
        receipt.verifySignature(node.receiptKey.compressedPublicKey());
        assertThat(attestation.statement()).isEqualTo(node.attestation.statement());
    }

    @Test
    void tellsPricesModesAndPaymentSchemesBeforeAnyPayment() throws Exception {
        JsonNode candor = Client.JSON.readTree(client.get("/v1/models/" + HttpFixture.MODEL).body()).path("candor");
        JsonNode supported = Client.JSON.readTree(client.get("/x402/supported").body());

        assertThat(candor.at("/price/input").asText()).isEqualTo("1000");
        assertThat(candor.at("/price/output").asText()).isEqualTo("4000");
        assertThat(candor.at("/price/symbol").asText()).isEqualTo("OPG");
        assertThat(candor.at("/price/network").asText()).isEqualTo("eip155:31337");
        assertThat(candor.path("verification").toString()).isEqualTo("[\"none\",\"tee\"]");
        assertThat(supported.at("/kinds/0/scheme").asText()).isEqualTo("upto");
        assertThat(supported.at("/kinds/0/network").asText()).isEqualTo("eip155:31337");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00112233445566", "not hex!", "0g11 2233445566778899"})
    void refusesANonceThatIsNoneBeforeItAsksForPayment(String nonce) throws Exception {
        HttpResponse<String> refused = client.post(Client.chat("hello"), "Candor-Nonce", nonce);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.code(refused)).isEqualTo("invalid_value");
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("Candor-Nonce");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay", "zk", "TEE", "maybe"})
    void refusesAVerificationThatItDoesNotOffer(String mode) throws Exception {
        HttpResponse<String> refused = client.post(Client.chat("hello").put("verification", mode));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(refused.body()).at("/error/param").asText()).isEqualTo("verification");
    }

    private HttpResponse<String> answer(String text) throws Exception {
        HttpResponse<String> asked = client.post(Client.chat(text));
        return client.post(Client.chat(text), "PAYMENT-SIGNATURE", client.pay(asked, node.scheme, Instant.now()));
    }
}
