package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.testing.ReceiptSamples;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReceiptJsonTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();

    @Test
    void theViewHoldsEveryFieldOneToOne() throws Exception {
        for (Receipt receipt : new Receipt[] {SAMPLES.json().receipt(), SAMPLES.stream().receipt()}) {
            byte[] text = ReceiptJson.view(receipt).toString().getBytes(StandardCharsets.UTF_8);
            assertThat(ReceiptJson.receipt(StrictJson.parse(text))).isEqualTo(receipt);
        }
    }

    @Test
    void seedsThatADoubleCannotHoldAreStrings() {
        assertThat(ReceiptJson.view(SAMPLES.stream().receipt()).at("/sampling/seed").isTextual()).isTrue();
        assertThat(ReceiptJson.view(SAMPLES.json().receipt()).at("/sampling/seed").isIntegralNumber()).isTrue();
    }

    @Test
    void unpaidReceiptsSayNone() {
        assertThat(ReceiptJson.view(SAMPLES.json().receipt()).get("payment").textValue()).isEqualTo("none");
    }

    @Test
    void viewsWithMissingUnknownOrMisshapenMembersAreRefused() {
        refused(view -> view.put("extra", 1), "unknown members [extra]");
        refused(view -> view.remove("issuer"), "no member issuer");
        refused(view -> view.put("v", 2), "version 1");
        refused(view -> view.put("id", "rcpt_1"), "receipt id");
        refused(view -> view.put("issued_at", "yesterday"), "issued_at");
        refused(view -> view.withObject("/model").put("digest", "xyz"), "digest");
        refused(view -> view.withObject("/payment").put("cap", "-1"), "decimal");
        refused(view -> view.put("client_nonce", "00"), "nonce");
    }

    private interface Change {
        void apply(ObjectNode view);
    }

    private static void refused(Change change, String reason) {
        ObjectNode view = ReceiptJson.view(SAMPLES.stream().receipt());
        change.apply(view);
        assertThatThrownBy(() -> ReceiptJson.receipt(view)).isInstanceOf(InvalidJsonException.class).hasMessageContaining(reason);
    }
}
