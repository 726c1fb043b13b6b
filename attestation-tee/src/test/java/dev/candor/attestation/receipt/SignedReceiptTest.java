package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.cbor.Cbor;
import dev.candor.attestation.cbor.CborEncoder;
import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.crypto.Secp256k1;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.testing.ReceiptSamples;
import dev.candor.attestation.testing.ReceiptSamples.Exchange;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignedReceiptTest {
    private static final ReceiptSamples SAMPLES = new ReceiptSamples();

    static Stream<Exchange> exchanges() {
        return Stream.of(SAMPLES.json(), SAMPLES.stream(), SAMPLES.event());
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void whatWasSignedIsReadBackAndVerifies(Exchange exchange) throws Exception {
        SignedReceipt read = SignedReceipt.parse(exchange.cose());
        assertThat(read.receipt()).isEqualTo(exchange.receipt());
        assertThat(read.signer()).isEqualTo(SAMPLES.key.address());
        assertThat(read.logEntry()).isEqualTo(new LogEntry(LogEntry.Type.RECEIPT, Digest.sha256(exchange.cose())));
        read.verifySignature(SAMPLES.key.compressedPublicKey());
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everySingleBitFlipIsRefused(Exchange exchange) {
        for (int bit = 0; bit < exchange.cose().length * 8; bit++) {
            byte[] flipped = exchange.cose().clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> SignedReceipt.parse(flipped).verifySignature(SAMPLES.key.compressedPublicKey()))
                    .as("bit %d", bit)
                    .isInstanceOf(ReceiptVerificationException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everyCutAndEveryAppendedByteIsRefused(Exchange exchange) {
        for (int length = 0; length < exchange.cose().length; length++) {
            byte[] cut = Arrays.copyOf(exchange.cose(), length);
            assertThatThrownBy(() -> SignedReceipt.parse(cut)).isInstanceOf(ReceiptVerificationException.class);
        }
        assertThatThrownBy(() -> SignedReceipt.parse(Arrays.copyOf(exchange.cose(), exchange.cose().length + 1)))
                .isInstanceOf(ReceiptVerificationException.class);
    }

    @Test
    void randomBytesAndMutationsNeverGetPastTheDocumentedException() {
        Random random = new Random(11);
        byte[] good = SAMPLES.stream().cose();
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = good.clone();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (!Arrays.equals(bytes, good)) {
                assertThatThrownBy(() -> SignedReceipt.parse(bytes).verifySignature(SAMPLES.key.compressedPublicKey()))
                        .isInstanceOf(ReceiptVerificationException.class);
            }
        }
    }

    @Test
    void anotherKeyIsRefusedNamingBothAddresses() throws Exception {
        Secp256k1KeyPair other = Secp256k1KeyPair.generate(new SecureRandom());
        assertThatThrownBy(() -> SignedReceipt.parse(SAMPLES.json().cose()).verifySignature(other.compressedPublicKey()))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(SAMPLES.key.address().value())
                .hasMessageContaining(other.address().value());
    }

    /** The signature fits the digest, so {@code ecrecover} of any chain names the node's address. */
    @Test
    void theSignerIsAnEvmAddressThatRecovers() throws Exception {
        CoseSign1 message = CoseSign1.parse(SAMPLES.json().cose(), ReceiptCodec.MAX_BYTES);
        byte[] digest = Digest.sha256(message.toBeSigned(new byte[0])).bytes();
        byte[] recoverable = SAMPLES.key.signRecoverable(digest);
        assertThat(Arrays.copyOf(recoverable, 64)).isEqualTo(message.signature());
        assertThat(Secp256k1.get().recover(digest, recoverable)).isEqualTo(SAMPLES.key.address());
    }

    @Test
    void signedMessagesThatAreNotExactlyAReceiptAreRefused() {
        refused("unknown members [extra]", header(), payload(entries -> entries.add(entry("extra", new Cbor.Int(1)))));
        refused("has no mdl", header(), payload(entries -> entries.removeIf(entry -> entry.key().equals(new Cbor.Text("mdl")))));
        refused("version 2", header(), payload(entries -> replace(entries, "v", new Cbor.Int(2))));
        refused("mode", header(), payload(entries -> replace(entries, "mode", new Cbor.Text("zk"))));
        refused("pay is not a map", header(), payload(entries -> replace(entries, "pay", new Cbor.Null())));
        refused("nonce", header(), payload(entries -> entries.add(entry("nonce", new Cbor.Bytes(new byte[7])))));
        refused("unknown member", header(), payload(entries -> entries.add(entry("#1", new Cbor.Int(1)))));
        refused("algorithm is -7", headerWith(CoseSign1.ALG, new Cbor.Int(-7)), payload(entries -> {}));
        refused("content type", headerWith(CoseSign1.CONTENT_TYPE, new Cbor.Text("text/plain")), payload(entries -> {}));
        refused("#4", headerWith(CoseSign1.KID, new Cbor.Bytes(new byte[19])), payload(entries -> {}));
        refused("unknown members [#2]", headerWith(2, new Cbor.Array(List.of())), payload(entries -> {}));
    }

    @Test
    void issuingRefusesWhatNoVerifierWouldAccept() {
        Receipt good = SAMPLES.json().receipt();
        SamplingBinding sampling = good.sampling();
        Receipt negative = with(good, new SamplingBinding(0, 1, -1, 0, 0, 0, 1, 1, 1, List.of()));
        Receipt minusZero = with(good, new SamplingBinding(-0.0, 1, 0, 0, 0, 0, 1, 1, 1, List.of()));
        ReceiptIssuer issuer = new ReceiptIssuer(SAMPLES.key);
        assertThatThrownBy(() -> issuer.sign(negative)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tk");
        assertThat(issuer.sign(minusZero)).isNotEmpty();
        assertThat(sampling.topP()).isEqualTo(1);
    }

    private static Receipt with(Receipt r, SamplingBinding sampling) {
        return new Receipt(r.id(), r.issuer(), r.issuedAt(), r.verification(), r.request(), r.model(), r.runtime(), sampling, r.output(), r.usage(),
                r.payment(), r.evidence(), r.clientNonce());
    }

    private interface Change {
        void apply(List<Cbor.Entry> entries);
    }

    private static byte[] payload(Change change) {
        List<Cbor.Entry> entries = new ArrayList<>(ReceiptPayload.write(SAMPLES.json().receipt()).entries());
        change.apply(entries);
        return CborEncoder.encode(new Cbor.Map(entries));
    }

    private static Cbor.Map header() {
        return ReceiptCodec.encode(SAMPLES.json().receipt(), SAMPLES.key.address()).header();
    }

    private static Cbor.Map headerWith(long label, Cbor value) {
        List<Cbor.Entry> entries = new ArrayList<>(header().entries());
        entries.removeIf(entry -> entry.key().equals(new Cbor.Int(label)));
        entries.add(new Cbor.Entry(new Cbor.Int(label), value));
        return new Cbor.Map(entries);
    }

    private static Cbor.Entry entry(String key, Cbor value) {
        return new Cbor.Entry(new Cbor.Text(key), value);
    }

    private static void replace(List<Cbor.Entry> entries, String key, Cbor value) {
        entries.replaceAll(entry -> entry.key().equals(new Cbor.Text(key)) ? entry(key, value) : entry);
    }

    private static void refused(String reason, Cbor.Map header, byte[] payload) {
        byte[] signature = SAMPLES.key.signDigest(Digest.sha256(CoseSign1.toBeSigned(header, payload)).bytes());
        assertThatThrownBy(() -> SignedReceipt.parse(CoseSign1.of(header, payload, signature).encode()))
                .isInstanceOf(ReceiptVerificationException.class)
                .hasMessageContaining(reason);
    }
}
