package dev.candor.client.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.ReceiptIssuer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptVerifierTest {
    private static final VerifyOptions OFFLINE = VerifyOptions.standard().withOffline(true);

    @TempDir
    private Path folder;

    private final SampleAnswer sample = new SampleAnswer();
    private ReceiptBundle good;

    @BeforeEach
    void answer() throws Exception {
        good = sample.bundle(folder.resolve("log"));
    }

    @Test
    void verifiesAGoodAnswerAndSaysWhatSoftwareEvidenceDoesNotProve() {
        VerificationReport report = verify(good, OFFLINE);
        assertThat(failed(report)).isEmpty();
        assertThat(report.verified()).isTrue();
        assertThat(report.summary()).contains("proves nothing about the machine");
        assertThat(result(report, CheckName.MODEL_DIGEST)).isEqualTo(CheckResult.SKIPPED);
        assertThat(result(report, CheckName.INCLUSION_PROOF)).isEqualTo(CheckResult.OK);
        assertThat(result(report, CheckName.CHECKPOINT_SIGNATURE)).isEqualTo(CheckResult.OK);
    }

    @Test
    void failsTheModelDigestCheckWhenAnotherModelRan() {
        Digest other = Digest.sha256("other".getBytes(StandardCharsets.UTF_8));
        assertThat(failed(verify(good, options(Map.of("acme/tiny@1", other))))).containsExactly("model digest");
        assertThat(verify(good, options(Map.of("acme/tiny@1", SampleAnswer.MODEL.digest()))).verified()).isTrue();
    }

    @Test
    void failsTheAppraisalOfSoftwareEvidenceWhereHardwareIsRequired() {
        VerifyOptions hardware = new VerifyOptions(
                AppraisalPolicy.requireHardware(), true, false, Duration.ofMinutes(5), Map.of(), Optional.empty());
        VerificationReport report = verify(good, hardware);
        assertThat(report.verified()).isFalse();
        assertThat(failed(report)).containsExactly("appraisal");
    }

    @Test
    void failsForARequestThatDiffersInOneByte() {
        byte[] changed = SampleAnswer.REQUEST.clone();
        changed[changed.length - 5] ^= 1;
        assertThat(failed(verify(withExchange(changed, good.exchange().orElseThrow().response()), OFFLINE))).contains("request");
    }

    @Test
    void failsForEveryChangedByteOfTheAnswer() {
        byte[] response = good.exchange().orElseThrow().response();
        for (int i = 0; i < response.length; i++) {
            byte[] changed = response.clone();
            changed[i] ^= 1;
            VerificationReport report = verify(withExchange(SampleAnswer.REQUEST, changed), OFFLINE);
            assertThat(report.verified()).as("byte %d changed", i).isFalse();
        }
    }

    @Test
    void failsForEveryFlippedBitOfTheReceipt() {
        for (int i = 0; i < good.cose().length * 8; i++) {
            byte[] changed = good.cose().clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            ReceiptBundle bundle = new ReceiptBundle(
                    good.id(), good.node(), changed, good.exchange(), good.attestation(), good.payment(), good.proof(), Optional.empty());
            assertThat(verify(bundle, OFFLINE).verified()).as("bit %d flipped", i).isFalse();
        }
    }

    @Test
    void failsForAReceiptSignedByAKeyThatNoEvidenceBinds() throws Exception {
        byte[] answer = SampleAnswer.stream();
        Receipt receipt = sample.receipt(answer, BigInteger.valueOf(160));
        byte[] forged = new ReceiptIssuer(Secp256k1KeyPair.generate(new SecureRandom())).sign(receipt);
        assertThat(failed(verify(sample.bundle(folder.resolve("log2"), receipt, forged, answer), OFFLINE))).contains("signature");
    }

    @Test
    void failsForEvidenceOfAnotherKey() {
        ObjectNode other = new SampleAnswer().attestation.json();
        assertThat(failed(verify(good.withAttestation(other), OFFLINE))).contains("signature", "evidence");
    }

    @Test
    void failsForEvidenceThatDoesNotBindTheKeyStatement() {
        ObjectNode mixed = good.attestation().orElseThrow().deepCopy();
        ((ObjectNode) mixed.get("key_statement")).put("nonce", "11".repeat(16));
        assertThat(failed(verify(good.withAttestation(mixed), OFFLINE))).contains("evidence", "appraisal");
    }

    @Test
    void failsForAChargeThatIsNotTokensTimesPrice() throws Exception {
        byte[] answer = SampleAnswer.stream();
        Receipt receipt = sample.receipt(answer, BigInteger.valueOf(161));
        byte[] cose = new ReceiptIssuer(sample.receiptKey).sign(receipt);
        assertThat(failed(verify(sample.bundle(folder.resolve("log2"), receipt, cose, answer), OFFLINE))).containsExactly("payment");
    }

    @Test
    void failsForPricesThatDoNotMakeTheCapThatWasSigned() throws Exception {
        byte[] answer = SampleAnswer.stream();
        Receipt honest = sample.receipt(answer, BigInteger.valueOf(160));
        PaymentBinding paid = honest.payment().orElseThrow();
        PaymentBinding dearer = new PaymentBinding(
                paid.scheme(), paid.network(), paid.asset(), paid.payer(), paid.payTo(), paid.cap(),
                BigInteger.valueOf(4 * 10 + 3 * 50), paid.nonce(), paid.inputPrice(), BigInteger.valueOf(50));
        Receipt receipt = new Receipt(
                honest.id(), honest.issuer(), honest.issuedAt(), honest.verification(), honest.request(), honest.model(), honest.runtime(),
                honest.sampling(), honest.output(), honest.usage(), Optional.of(dearer), honest.evidence(), honest.clientNonce());
        byte[] cose = new ReceiptIssuer(sample.receiptKey).sign(receipt);
        ReceiptBundle paidDearer = sample.bundle(folder.resolve("log2"), receipt, cose, answer);
        assertThat(failed(verify(paidDearer, OFFLINE))).containsExactly("payment");
        ReceiptBundle withoutRequest = withPayment(ReceiptBundle.bare(receipt.id(), paidDearer.node(), cose).withAttestation(sample.attestation.json()));
        assertThat(failed(verify(withoutRequest, OFFLINE.withReceiptOnly(true)))).contains("payment");
    }

    @Test
    void takesAPaymentWhoseCapIsOfWholeAnswersWithoutTheRequest() throws Exception {
        ReceiptBundle bare = ReceiptBundle.bare(good.id(), good.node(), good.cose()).withAttestation(good.attestation().orElseThrow());
        assertThat(failed(verify(withPayment(bare), OFFLINE.withReceiptOnly(true)))).doesNotContain("payment");
    }

    private ReceiptBundle withPayment(ReceiptBundle bundle) {
        return new ReceiptBundle(
                bundle.id(), bundle.node(), bundle.cose(), bundle.exchange(), bundle.attestation(), good.payment(), bundle.proof(), bundle.anchor());
    }

    @Test
    void failsForAReceiptFromTheFuture() {
        VerificationReport report = at(Duration.ofMinutes(-2)).verify(good, OFFLINE);
        assertThat(failed(report)).containsExactly("signature");
    }

    @Test
    void failsForAPaymentOtherThanTheOneSigned() {
        for (String member : List.of("nonce", "deadline", "from")) {
            assertThat(paymentChanged("/payload/permit2Authorization", member)).as(member).containsExactly("payment");
        }
        assertThat(paymentChanged("/payload/permit2Authorization/witness", "facilitator")).containsExactly("payment");
        assertThat(paymentChanged("/payload/permit2Authorization/permitted", "amount")).containsExactly("payment");
        assertThat(paymentChanged("/accepted", "payTo")).containsExactly("payment");
        assertThat(paymentChanged("/payload", "signature")).containsExactly("payment");
    }

    private List<String> paymentChanged(String object, String member) {
        ObjectNode other = good.payment().orElseThrow().deepCopy();
        String value = other.at(object + "/" + member).asText();
        char digit = value.charAt(10 % value.length());
        String changed = value.substring(0, 10 % value.length()) + (digit == '1' ? '2' : '1') + value.substring(10 % value.length() + 1);
        ((ObjectNode) other.at(object)).put(member, changed);
        return failed(verify(
                new ReceiptBundle(
                        good.id(), good.node(), good.cose(), good.exchange(), good.attestation(), Optional.of(other), good.proof(), Optional.empty()),
                OFFLINE));
    }

    @Test
    void failsForAFileThatGivesItsReceiptAnotherId() {
        ReceiptBundle renamed = new ReceiptBundle(
                new ReceiptId("rcpt_" + "00".repeat(16)), good.node(), good.cose(), good.exchange(), good.attestation(), good.payment(),
                good.proof(), Optional.empty());
        assertThat(verify(renamed, OFFLINE).verified()).isFalse();
    }

    @Test
    void failsForAProofOfAnotherLeafAndForACheckpointOfAnotherKey() {
        ObjectNode otherLeaf = good.proof().orElseThrow().deepCopy();
        otherLeaf.put("leaf_index", 0);
        assertThat(failed(verify(good.withProof(otherLeaf), OFFLINE))).containsExactly("inclusion proof");
        ObjectNode otherRoot = good.proof().orElseThrow().deepCopy();
        otherRoot.put("checkpoint", otherRoot.get("checkpoint").asText().replaceFirst("\n3\n", "\n4\n"));
        assertThat(failed(verify(good.withProof(otherRoot), OFFLINE))).contains("checkpoint signature");
    }

    @Test
    void waitsForProofAndAnchorWhileTheReceiptIsYoungAndFailsWithoutThemLater() {
        ReceiptBundle young = new ReceiptBundle(
                good.id(), good.node(), good.cose(), good.exchange(), good.attestation(), good.payment(), Optional.empty(), Optional.empty());
        assertThat(at(Duration.ofMinutes(4)).verify(young, VerifyOptions.standard()).verified()).isTrue();
        VerificationReport late = at(Duration.ofMinutes(6)).verify(young, VerifyOptions.standard());
        assertThat(failed(late)).containsExactly("inclusion proof", "checkpoint signature", "on-chain anchor");
    }

    @Test
    void callsABareReceiptVerifiedOnlyWhenAskedForTheReceiptAlone() {
        ReceiptBundle bare = ReceiptBundle.bare(good.id(), good.node(), good.cose())
                .withAttestation(good.attestation().orElseThrow())
                .withProof(good.proof().orElseThrow());
        assertThat(verify(bare, OFFLINE).verified()).isFalse();
        assertThat(verify(bare, OFFLINE.withReceiptOnly(true)).verified()).isTrue();
    }

    @Test
    void neverVerifiesWithoutEvidence() {
        ReceiptBundle bundle = new ReceiptBundle(
                good.id(), good.node(), good.cose(), good.exchange(), Optional.empty(), good.payment(), good.proof(), Optional.empty());
        VerificationReport report = verify(bundle, OFFLINE);
        assertThat(report.verified()).isFalse();
        assertThat(result(report, CheckName.EVIDENCE)).isEqualTo(CheckResult.SKIPPED);
    }

    @Test
    void believesAnAnchorOnlyWithItsOwnProofAndWhatTheChainSays() {
        ObjectNode anchor = good.proof().orElseThrow().deepCopy();
        String root = anchor.get("checkpoint").asText().split("\n")[2];
        anchor.put("root", java.util.HexFormat.of().formatHex(java.util.Base64.getDecoder().decode(root)))
                .put("rpc", "http://127.0.0.1:8545")
                .put("transaction", "0x" + "00".repeat(32));
        VerifyOptions online = VerifyOptions.standard();
        assertThat(verify(good.withAnchor(anchor), online).verified()).isTrue();
        AnchorLookup denies = (rpc, json, statement) -> {
            throw new AnchorLookup.AnchorException("no such transaction");
        };
        assertThat(failed(new ReceiptVerifier(clock(Duration.ZERO), denies).verify(good.withAnchor(anchor), online)))
                .containsExactly("on-chain anchor");
        ObjectNode elsewhere = anchor.deepCopy();
        elsewhere.put("rpc", "https://chain.example/");
        assertThat(failed(verify(good.withAnchor(elsewhere), online))).containsExactly("on-chain anchor");
        ObjectNode other = anchor.deepCopy();
        other.put("root", "00".repeat(32));
        assertThat(failed(verify(good.withAnchor(other), online))).containsExactly("on-chain anchor");
    }

    private static VerifyOptions options(Map<String, Digest> digests) {
        Map<String, List<Digest>> expected =
                digests.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> List.of(each.getValue())));
        return new VerifyOptions(AppraisalPolicy.standard(), true, false, Duration.ofMinutes(5), expected, Optional.empty());
    }

    private ReceiptBundle withExchange(byte[] request, byte[] response) {
        ReceiptBundle.Exchange old = good.exchange().orElseThrow();
        return new ReceiptBundle(
                good.id(),
                good.node(),
                good.cose(),
                Optional.of(new ReceiptBundle.Exchange(old.path(), request, old.nonce(), old.format(), response, old.tokens())),
                good.attestation(),
                good.payment(),
                good.proof(),
                Optional.empty());
    }

    private static VerificationReport verify(ReceiptBundle bundle, VerifyOptions options) {
        return at(Duration.ofSeconds(10)).verify(bundle, options);
    }

    private static ReceiptVerifier at(Duration afterIssue) {
        return new ReceiptVerifier(clock(afterIssue), (rpc, anchor, statement) -> "confirmed");
    }

    private static Clock clock(Duration afterIssue) {
        return Clock.fixed(SampleAnswer.ISSUED.plus(afterIssue), ZoneOffset.UTC);
    }

    private static CheckResult result(VerificationReport report, CheckName name) {
        return report.checks().stream().filter(check -> check.name() == name).findFirst().orElseThrow().result();
    }

    private static List<String> failed(VerificationReport report) {
        return report.checks().stream()
                .filter(check -> check.result() == CheckResult.FAILED)
                .map(check -> check.name().label())
                .collect(Collectors.toList());
    }
}
