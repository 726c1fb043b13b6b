package dev.candor.attestation.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.testing.ReceiptSamples;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttestationTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();

    @Test
    void theJsonIsReadBackAndSaysThatItProvesNothing() throws Exception {
        ObjectNode json = SAMPLES.attestation.json();
        assertThat(json.get("note").textValue()).contains("proves nothing about the machine");
        Attestation read = Attestation.parse(json.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(read.statement()).isEqualTo(SAMPLES.attestation.statement());
        assertThat(read.evidence().bytes()).isEqualTo(SAMPLES.attestation.evidence().bytes());
        assertThat(new String(read.evidence().bytes(), StandardCharsets.UTF_8)).contains(SoftwareEvidence.NOTE);
        assertThat(((SoftwareEvidence) read.evidence()).platform()).containsEntry("os", "Linux 6.1");
    }

    @Test
    void attestationsThatAreNotExactlyOfTheFormAreRefused() {
        refused(json -> json.remove("note"), "note");
        refused(json -> json.put("note", "a TEE vouches for this"), "note");
        refused(json -> json.put("more", 1), "unknown members [more]");
        refused(json -> json.withObject("/evidence").put("kind", "tdx"), "unknown kind tdx");
        refused(json -> json.withObject("/evidence").put("data", "e30"), "no member type");
        refused(json -> json.withObject("/evidence").put("data", "e30="), "base64url");
        refused(json -> json.withObject("/key_statement").remove("nonce"), "no member nonce");
        refused(json -> json.withObject("/key_statement").put("purpose", "anything"), "purpose");
        refused(json -> json.withObject("/key_statement").put("receipt_key", "04"), "receipt key");
        refused(json -> json.withObject("/key_statement").put("chain_id", 0), "chain id");
        refused(json -> json.withObject("/key_statement").put("chain_id", "1"), "chain_id");
        refused(json -> json.withObject("/key_statement").putNull("operator"), "operator");
        assertThatThrownBy(() -> Attestation.parse(new byte[Attestation.MAX_BYTES + 1])).hasMessageContaining("at most");
    }

    @Test
    void softwareEvidenceThatIsNotCanonicalIsRefused() {
        byte[] spaced = (" " + new String(SAMPLES.attestation.evidence().bytes(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Evidence.parse("software", spaced)).isInstanceOf(InvalidJsonException.class).hasMessageContaining("canonical");
        assertThatThrownBy(() -> Evidence.parse("software", new byte[20_000])).isInstanceOf(InvalidJsonException.class).hasMessageContaining("at most");
    }

    @Test
    void statementsAreReadBackWithAndWithoutTheirOptionalMembers() throws Exception {
        KeyStatement full = SAMPLES.attestation.statement();
        KeyStatement bare = new KeyStatement(full.nodeId(), full.purpose(), full.receiptKey(), full.logOrigin(), full.logKey(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.of("ab".repeat(32)), full.nonce());
        assertThat(KeyStatement.parse(full.json())).isEqualTo(full);
        assertThat(KeyStatement.parse(bare.json())).isEqualTo(bare);
        assertThat(bare.digest()).isNotEqualTo(full.digest());
    }

    private interface Change {
        void apply(ObjectNode json);
    }

    private static void refused(Change change, String reason) {
        ObjectNode json = SAMPLES.attestation.json();
        change.apply(json);
        assertThatThrownBy(() -> Attestation.parse(json)).isInstanceOf(InvalidJsonException.class).hasMessageContaining(reason);
    }
}
