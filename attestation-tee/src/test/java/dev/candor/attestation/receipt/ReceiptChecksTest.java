package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.testing.ReceiptSamples;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptChecksTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();
    private static final Receipt PAID = SAMPLES.stream().receipt();
    private static final PaymentBinding TERMS = PAID.payment().orElseThrow();

    @Test
    void chargesAreThePriceOfTheTokensUpToTheCap() {
        assertThatCode(() -> ReceiptChecks.payment(PAID)).doesNotThrowAnyException();
        refused(() -> ReceiptChecks.payment(paid(terms(TERMS.cap(), TERMS.charged().add(BigInteger.ONE)))), "charged amount");
        refused(() -> ReceiptChecks.payment(paid(terms(TERMS.cap(), TERMS.charged().subtract(BigInteger.ONE)))), "charged amount");
        refused(() -> ReceiptChecks.payment(paid(terms(BigInteger.TEN, TERMS.charged()))), "charged amount");
        assertThatCode(() -> ReceiptChecks.payment(paid(terms(BigInteger.TEN, BigInteger.TEN)))).doesNotThrowAnyException();
    }

    @Test
    void theTermsAreThoseThatThePayerSigned() {
        assertThatCode(() -> ReceiptChecks.payment(PAID, TERMS)).doesNotThrowAnyException();
        refused(() -> ReceiptChecks.payment(SAMPLES.json().receipt(), TERMS), "the receipt says none");
        EvmAddress other = EvmAddress.of(new byte[20]);
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("exact", TERMS.network(), TERMS.asset(), TERMS.payer(), TERMS.payTo(), TERMS.cap(),
                TERMS.charged(), TERMS.nonce(), TERMS.inputPrice(), TERMS.outputPrice())), "scheme");
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("upto", "eip155:1", TERMS.asset(), TERMS.payer(), TERMS.payTo(), TERMS.cap(),
                TERMS.charged(), TERMS.nonce(), TERMS.inputPrice(), TERMS.outputPrice())), "network");
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("upto", TERMS.network(), other, TERMS.payer(), TERMS.payTo(), TERMS.cap(),
                TERMS.charged(), TERMS.nonce(), TERMS.inputPrice(), TERMS.outputPrice())), "asset");
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("upto", TERMS.network(), TERMS.asset(), other, TERMS.payTo(), TERMS.cap(),
                TERMS.charged(), TERMS.nonce(), TERMS.inputPrice(), TERMS.outputPrice())), "payer");
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("upto", TERMS.network(), TERMS.asset(), TERMS.payer(), other, TERMS.cap(),
                TERMS.charged(), TERMS.nonce(), TERMS.inputPrice(), TERMS.outputPrice())), "payee");
        refused(() -> ReceiptChecks.payment(PAID, terms(TERMS.cap().add(BigInteger.ONE), TERMS.charged())), "cap");
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("upto", TERMS.network(), TERMS.asset(), TERMS.payer(), TERMS.payTo(), TERMS.cap(),
                TERMS.charged(), BigInteger.ONE, TERMS.inputPrice(), TERMS.outputPrice())), "nonce");
        refused(() -> ReceiptChecks.payment(PAID, new PaymentBinding("upto", TERMS.network(), TERMS.asset(), TERMS.payer(), TERMS.payTo(), TERMS.cap(),
                TERMS.charged(), TERMS.nonce(), BigInteger.ONE, TERMS.outputPrice())), "prices");
    }

    @Test
    void receiptsFromTheFutureAreRefused() {
        assertThatCode(() -> ReceiptChecks.issuedAt(PAID, PAID.issuedAt().minusSeconds(60))).doesNotThrowAnyException();
        refused(() -> ReceiptChecks.issuedAt(PAID, PAID.issuedAt().minusSeconds(61)), "time of issue");
    }

    @Test
    void modelAndEvidenceAreTheOnesAtHand() {
        Digest evidence = SAMPLES.attestation.evidence().digest();
        String node = SAMPLES.attestation.statement().nodeId();
        assertThatCode(() -> ReceiptChecks.evidence(PAID, "software", evidence, node)).doesNotThrowAnyException();
        refused(() -> ReceiptChecks.evidence(PAID, "tdx", evidence, node), "evidence kind");
        refused(() -> ReceiptChecks.evidence(PAID, "software", Digest.sha256(), node), "evidence digest");
        refused(() -> ReceiptChecks.evidence(PAID, "software", evidence, "candor-0000000000000000"), "issuer");
        assertThatCode(() -> ReceiptChecks.model(PAID, PAID.model().digest())).doesNotThrowAnyException();
        refused(() -> ReceiptChecks.model(PAID, Digest.sha256()), Digest.sha256().toString());
    }

    @Test
    void countsOfTokensAndFinishReasonsAreHeldAgainstTheAnswer() throws Exception {
        ResponseBytes answer = ResponseBytes.ofStream(SAMPLES.stream().response());
        refused(() -> ReceiptChecks.output(used(new UsageBinding(31, 0, 7, PAID.usage().finishReasons())), SAMPLES.stream().request(), answer), "completion tokens: the receipt says 7");
        refused(() -> ReceiptChecks.output(used(new UsageBinding(31, 0, 6, java.util.List.of("length"))), SAMPLES.stream().request(), answer), "finish reasons");
    }

    @Test
    void clientNoncesAreReadInBothSpellings() {
        assertThat(ClientNonce.parse("00112233AABBCCDD")).isEqualTo("00112233aabbccdd");
        assertThat(ClientNonce.parse("AAAAAAAAAAA")).isEqualTo("0000000000000000");
        assertThat(ClientNonce.parse("f".repeat(128))).hasSize(128);
        for (String bad : new String[] {"", "00", "!!!!!!!!!!!!", "G".repeat(90), "0011223344556"}) {
            assertThatThrownBy(() -> ClientNonce.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void logEntriesAreThirtyThreeBytesOfTwoKinds() {
        Digest digest = Digest.sha256(new byte[] {1});
        for (LogEntry entry : new LogEntry[] {new LogEntry(LogEntry.Type.RECEIPT, digest), LogEntry.keyStatement(digest)}) {
            assertThat(entry.bytes()).hasSize(LogEntry.LENGTH);
            assertThat(LogEntry.parse(entry.bytes())).isEqualTo(entry);
            assertThat(entry.leafHash()).isEqualTo(Digest.sha256(new byte[] {0}, entry.bytes()));
        }
        assertThatThrownBy(() -> LogEntry.parse(new byte[33])).hasMessageContaining("type 1 or 2");
        assertThatThrownBy(() -> LogEntry.parse(new byte[32])).hasMessageContaining("33 bytes");
    }

    private static PaymentBinding terms(BigInteger cap, BigInteger charged) {
        return new PaymentBinding(TERMS.scheme(), TERMS.network(), TERMS.asset(), TERMS.payer(), TERMS.payTo(), cap, charged, TERMS.nonce(),
                TERMS.inputPrice(), TERMS.outputPrice());
    }

    private static Receipt paid(PaymentBinding payment) {
        return new Receipt(PAID.id(), PAID.issuer(), PAID.issuedAt(), PAID.verification(), PAID.request(), PAID.model(), PAID.runtime(), PAID.sampling(),
                PAID.output(), PAID.usage(), Optional.of(payment), PAID.evidence(), PAID.clientNonce());
    }

    private static Receipt used(UsageBinding usage) {
        return new Receipt(PAID.id(), PAID.issuer(), PAID.issuedAt(), PAID.verification(), PAID.request(), PAID.model(), PAID.runtime(), PAID.sampling(),
                PAID.output(), usage, PAID.payment(), PAID.evidence(), PAID.clientNonce());
    }

    private static void refused(ThrowingCallable check, String reason) {
        assertThatThrownBy(check).isInstanceOf(ReceiptVerificationException.class).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/chat/completions | {}                                                | 1",
        "/v1/chat/completions | {\"n\":3}                                         | 3",
        "/v1/completions      | {\"prompt\":\"a\"}                                | 1",
        "/v1/completions      | {\"prompt\":[\"a\",\"b\"],\"n\":2}                | 4",
        "/v1/completions      | {\"prompt\":[[1,2],[3]],\"n\":2,\"best_of\":5}    | 10",
        "/v1/completions      | {\"prompt\":[1,2,3]}                              | 1",
        "/v1/responses        | {\"n\":3}                                         | 1",
        "/v1/embeddings       | {\"n\":3}                                         | 0",
        "/v2/models/a/infer   | not JSON                                          | 0"})
    void aCapPaysForEveryAnswerThatIsDrawn(String path, String body, long drawn) throws Exception {
        assertThat(ReceiptChecks.drawn(path, body.getBytes(StandardCharsets.UTF_8))).isEqualTo(drawn);
    }
}
