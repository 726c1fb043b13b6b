package dev.candor.attestation.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.attestation.cbor.CborDecoder;
import dev.candor.attestation.cbor.CborEncoder;
import dev.candor.attestation.cbor.CborException;
import dev.candor.attestation.cbor.CoseException;
import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.Evidence;
import dev.candor.attestation.evidence.SoftwareEvidence;
import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.attestation.receipt.SseException;
import dev.candor.attestation.receipt.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each parser of outside bytes refuses by its documented exception alone, and what it accepts has the one encoding it came in. */
class ParsersFuzzTest {
    private static final int MAX = 1 << 16;
    private static final int ROUNDS = 1500;

    @Test
    void changedBytesOfGoodInputsAreRefusedOrReadTheSame() {
        ReceiptSamples samples = new ReceiptSamples();
        new MutatedBytes(samples.stream().cose(), ROUNDS, 5).forEach(this::cbor);
        new MutatedBytes(samples.stream().cose(), ROUNDS, 5).forEach(this::cose);
        new MutatedBytes(samples.json().cose(), ROUNDS, 5).forEach(this::receipt);
        new MutatedBytes(samples.attestation.json().toString().getBytes(StandardCharsets.UTF_8), ROUNDS, 5).forEach(this::attestation);
        new MutatedBytes(samples.attestation.evidence().bytes(), ROUNDS, 5).forEach(this::softwareEvidence);
        new MutatedBytes(samples.stream().response(), ROUNDS, 5).forEach(this::stream);
        new MutatedBytes(samples.event().response(), ROUNDS, 5).forEach(this::stream);
        new MutatedBytes(samples.json().response(), ROUNDS, 5).forEach(this::body);
        RouteSamples routes = new RouteSamples(samples);
        for (ReceiptSamples.Exchange exchange : List.of(routes.completionStream(), routes.responseStream(), routes.tools())) {
            new MutatedBytes(exchange.response(), ROUNDS, 5).forEach(this::stream);
        }
        for (ReceiptSamples.Exchange exchange : List.of(routes.completion(), routes.response())) {
            new MutatedBytes(exchange.response(), ROUNDS, 5).forEach(this::body);
        }
        new MutatedBytes(samples.json().request(), ROUNDS, 5).forEach(this::canonicalJson);
    }

    @FuzzTest
    void cbor(byte[] data) {
        try {
            assertThat(CborEncoder.encode(CborDecoder.decode(data, MAX))).isEqualTo(data);
        } catch (CborException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void cose(byte[] data) {
        try {
            assertThat(CoseSign1.parse(data, MAX).encode()).isEqualTo(data);
        } catch (CoseException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void receipt(byte[] data) {
        try {
            SignedReceipt read = SignedReceipt.parse(data);
            byte[] again = new ReceiptIssuer(new ReceiptSamples().key).sign(read.receipt());
            assertThat(SignedReceipt.parse(again).receipt()).isEqualTo(read.receipt());
        } catch (ReceiptVerificationException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void attestation(byte[] data) {
        try {
            Attestation read = Attestation.parse(data);
            byte[] again = read.json().toString().getBytes(StandardCharsets.UTF_8);
            assertThat(Attestation.parse(again).statement()).isEqualTo(read.statement());
        } catch (InvalidJsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void softwareEvidence(byte[] data) {
        try {
            assertThat(Evidence.parse(SoftwareEvidence.KIND, data).bytes()).isEqualTo(data);
        } catch (InvalidJsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void stream(byte[] data) {
        try {
            new SseParser(MAX).feed(data);
        } catch (SseException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            assertThat(ResponseBytes.ofStream(data).output().format()).isEqualTo("sse");
        } catch (ReceiptVerificationException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void body(byte[] data) {
        try {
            assertThat(ResponseBytes.ofBody(data).output().format()).isEqualTo("json");
        } catch (ReceiptVerificationException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void canonicalJson(byte[] data) {
        try {
            byte[] canonical = CanonicalJson.canonicalize(data);
            assertThat(CanonicalJson.canonicalize(canonical)).isEqualTo(canonical);
        } catch (InvalidJsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
