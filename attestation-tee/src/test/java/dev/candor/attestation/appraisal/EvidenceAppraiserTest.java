package dev.candor.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.Evidence;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareAttester;
import dev.candor.attestation.evidence.SoftwareEvidence;
import dev.candor.attestation.testing.ReceiptSamples;
import dev.candor.attestation.tlog.LogKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvidenceAppraiserTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();
    private final EvidenceAppraiser appraiser = new EvidenceAppraiser();

    @Test
    void softwareEvidencePassesTheStandardPolicyAndClaimsNothing() throws Exception {
        AttestationResult result = appraiser.appraise(SAMPLES.attestation, AppraisalPolicy.standard());
        assertThat(result.status()).isEqualTo(AttestationResult.Status.NONE);
        assertThat(result.hardware()).isFalse();
        assertThat(result.explanation()).contains("proves nothing about the machine");
        assertThat(result.evidence()).isEqualTo(SAMPLES.attestation.evidence().digest());
        assertThat(result.json().get("tier").intValue()).isZero();
    }

    @Test
    void softwareEvidenceFailsEveryPolicyThatAsksForHardware() {
        assertThatThrownBy(() -> appraiser.appraise(SAMPLES.attestation, AppraisalPolicy.requireHardware()))
                .isInstanceOf(AppraisalException.class)
                .hasMessageContaining("asks for hardware")
                .hasMessageContaining("proves nothing about the machine");
        assertThatThrownBy(() -> appraiser.appraise(SAMPLES.attestation, new AppraisalPolicy("candor standard v1", false)))
                .isInstanceOf(AppraisalException.class);
    }

    @ParameterizedTest
    @EnumSource(AttestationResult.Status.class)
    void noResultCanClaimHardwareForSoftwareEvidence(AttestationResult.Status status) {
        Digest digest = Digest.sha256();
        assertThatThrownBy(() -> new AttestationResult(status, SoftwareEvidence.KIND, true, digest, digest, "")).isInstanceOf(IllegalArgumentException.class);
        if (status != AttestationResult.Status.NONE) {
            assertThatThrownBy(() -> new AttestationResult(status, SoftwareEvidence.KIND, false, digest, digest, ""))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void evidenceOfAnotherStatementIsRefused() throws Exception {
        Attestation other = attest(SAMPLES.key, statement(SAMPLES.key, SAMPLES.logKey, "ff".repeat(8)));
        assertThatThrownBy(() -> appraiser.appraise(new Attestation(SAMPLES.attestation.statement(), other.evidence()), AppraisalPolicy.standard()))
                .isInstanceOf(AppraisalException.class)
                .hasMessageContaining("binds the key statement");
    }

    @Test
    void evidenceThatTheReceiptKeyDidNotSignIsRefused() throws Exception {
        String forged = new String(SAMPLES.attestation.evidence().bytes(), StandardCharsets.UTF_8);
        Attestation other = attest(SAMPLES.key, statement(SAMPLES.key, SAMPLES.logKey, "ff".repeat(8)));
        String signature = new String(other.evidence().bytes(), StandardCharsets.UTF_8).replaceAll(".*\"signature\":\"([^\"]*)\".*", "$1");
        byte[] swapped = forged.replaceAll("\"signature\":\"[^\"]*\"", "\"signature\":\"" + signature + "\"").getBytes(StandardCharsets.UTF_8);
        Evidence evidence = Evidence.parse(SoftwareEvidence.KIND, swapped);
        assertThatThrownBy(() -> appraiser.appraise(new Attestation(SAMPLES.attestation.statement(), evidence), AppraisalPolicy.standard()))
                .isInstanceOf(AppraisalException.class)
                .hasMessageContaining("not signed by the receipt key");
    }

    @Test
    void aNodeIdOrLogOriginThatTheLogKeyDoesNotMakeIsRefused() {
        KeyStatement good = SAMPLES.attestation.statement();
        LogKey otherLog = LogKey.generate(new SecureRandom());
        KeyStatement otherId = copy(good, otherLog.nodeId(), good.logOrigin(), good.logKey());
        KeyStatement otherOrigin = copy(good, good.nodeId(), otherLog.origin(), good.logKey());
        KeyStatement noKey = copy(good, good.nodeId(), good.logOrigin(), "x+y+z");
        assertThatThrownBy(() -> appraiser.appraise(attest(SAMPLES.key, otherId), AppraisalPolicy.standard())).hasMessageContaining("node id");
        assertThatThrownBy(() -> appraiser.appraise(attest(SAMPLES.key, otherOrigin), AppraisalPolicy.standard())).hasMessageContaining("log origin");
        assertThatThrownBy(() -> appraiser.appraise(attest(SAMPLES.key, noKey), AppraisalPolicy.standard())).hasMessageContaining("log key");
    }

    @Test
    void attestersRefuseStatementsOfAnotherKey() {
        Secp256k1KeyPair other = Secp256k1KeyPair.generate(new SecureRandom());
        assertThatThrownBy(() -> attest(other, SAMPLES.attestation.statement())).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("receipt key");
    }

    @Test
    void everyChangedByteOfAnAttestationIsRefused() {
        byte[] good = SAMPLES.attestation.json().toString().getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> appraiser.appraise(Attestation.parse(changed), AppraisalPolicy.standard()))
                    .as("byte %d", at)
                    .isInstanceOfAny(InvalidJsonException.class, AppraisalException.class);
        }
    }

    @Test
    void policiesHaveDifferentDigests() {
        assertThat(AppraisalPolicy.standard().digest()).isNotEqualTo(AppraisalPolicy.requireHardware().digest());
    }

    private static Attestation attest(Secp256k1KeyPair key, KeyStatement statement) {
        return new SoftwareAttester(key, Map.of()).attest(statement);
    }

    private static KeyStatement statement(Secp256k1KeyPair key, LogKey log, String nonce) {
        return new KeyStatement(log.nodeId(), KeyStatement.PURPOSE, HexFormat.of().formatHex(key.compressedPublicKey()), log.origin(),
                log.verifierKey().vkey(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), nonce);
    }

    private static KeyStatement copy(KeyStatement s, String nodeId, String origin, String logKey) {
        return new KeyStatement(nodeId, s.purpose(), s.receiptKey(), origin, logKey, s.operator(), s.chainId(), s.anchor(), s.tlsKey(), s.nonce());
    }
}
