package dev.candor.attestation.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Secp256k1Test {
    private static final byte[] SECRET = HexFormat.of().parseHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    private static final byte[] DIGEST = Digest.sha256("candor".getBytes(StandardCharsets.UTF_8)).bytes();

    static Stream<Secp256k1> implementations() {
        return Stream.of(new AcinqSecp256k1(), new BouncySecp256k1());
    }

    @Test
    void nativeLibraryLoadsOnThisMachine() {
        assertThat(Secp256k1.get().implementation()).isEqualTo("libsecp256k1");
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void addressOfTheFirstDevelopmentAccountIsTheWellKnownOne(Secp256k1 curve) {
        Secp256k1KeyPair pair = Secp256k1KeyPair.of(SECRET, curve);
        assertThat(pair.address().checksummed()).isEqualTo("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    }

    /** RFC 6979 over secp256k1 and SHA-256, key 1, message "Satoshi Nakamoto": a vector published with many wallets. */
    @ParameterizedTest
    @MethodSource("implementations")
    void deterministicSignatureMatchesThePublishedVector(Secp256k1 curve) {
        byte[] one = new byte[32];
        one[31] = 1;
        byte[] digest = Digest.sha256("Satoshi Nakamoto".getBytes(StandardCharsets.US_ASCII)).bytes();
        assertThat(HexFormat.of().formatHex(curve.sign(digest, one)))
                .isEqualTo("934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                        + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
    }

    @Test
    void bothImplementationsAgreeOnKeysSignaturesAndRecovery() throws Exception {
        Random random = new Random(7);
        Secp256k1 fast = new AcinqSecp256k1();
        Secp256k1 slow = new BouncySecp256k1();
        for (int i = 0; i < 60; i++) {
            byte[] secret = new byte[32];
            byte[] digest = new byte[32];
            random.nextBytes(secret);
            secret[0] &= 0x7f;
            random.nextBytes(digest);
            byte[] publicKey = fast.publicKey(secret);
            assertThat(slow.publicKey(secret)).isEqualTo(publicKey);
            byte[] signature = fast.signRecoverable(digest, secret);
            assertThat(slow.signRecoverable(digest, secret)).isEqualTo(signature);
            byte[] compact = Arrays.copyOf(signature, 64);
            assertThat(slow.sign(digest, secret)).isEqualTo(compact);
            fast.verify(publicKey, digest, compact);
            slow.verify(publicKey, digest, compact);
            EvmAddress address = slow.address(publicKey);
            assertThat(fast.address(publicKey)).isEqualTo(address);
            assertThat(fast.recover(digest, signature)).isEqualTo(address);
            assertThat(slow.recover(digest, signature)).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void everySingleBitFlipOfASignatureIsRefusedOrNamesAnotherSigner(Secp256k1 curve) throws Exception {
        byte[] publicKey = curve.publicKey(SECRET);
        byte[] signature = curve.signRecoverable(DIGEST, SECRET);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            if (bit < 512) {
                assertThatThrownBy(() -> curve.verify(publicKey, DIGEST, Arrays.copyOf(flipped, 64))).isInstanceOf(InvalidSignatureException.class);
            }
            try {
                assertThat(curve.recover(DIGEST, flipped)).isNotEqualTo(curve.address(publicKey));
            } catch (InvalidSignatureException e) {
                assertThat(e).hasNoCause();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void highSIsRefusedSoThatASignatureHasOneForm(Secp256k1 curve) {
        byte[] signature = curve.sign(DIGEST, SECRET);
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        CompactSignature high = new CompactSignature(new BigInteger(1, Arrays.copyOf(signature, 32)), CompactSignature.ORDER.subtract(s));
        assertThatThrownBy(() -> curve.verify(curve.publicKey(SECRET), DIGEST, high.bytes()))
                .isInstanceOf(InvalidSignatureException.class)
                .hasMessageContaining("EIP-2");
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void malformedKeysAndSignaturesAreRefusedWithTheirReason(Secp256k1 curve) {
        byte[] publicKey = curve.publicKey(SECRET);
        byte[] signature = curve.sign(DIGEST, SECRET);
        byte[] offCurve = new byte[33];
        offCurve[0] = 2;
        offCurve[32] = 5;
        byte[] hybrid = new byte[65];
        hybrid[0] = 6;
        assertThatThrownBy(() -> curve.verify(offCurve, DIGEST, signature)).isInstanceOf(InvalidSignatureException.class).hasMessageContaining("point");
        assertThatThrownBy(() -> curve.address(hybrid)).isInstanceOf(InvalidSignatureException.class);
        assertThatThrownBy(() -> curve.verify(new byte[0], DIGEST, signature)).isInstanceOf(InvalidSignatureException.class);
        assertThatThrownBy(() -> curve.verify(publicKey, DIGEST, new byte[64])).isInstanceOf(InvalidSignatureException.class);
        assertThatThrownBy(() -> curve.verify(publicKey, DIGEST, new byte[63])).hasMessageContaining("63");
        assertThatThrownBy(() -> curve.recover(DIGEST, Arrays.copyOf(signature, 65))).hasMessageContaining("27 or 28");
        assertThatThrownBy(() -> curve.sign(new byte[31], SECRET)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> curve.publicKey(new byte[32])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> curve.publicKey(CompactSignature.ORDER.toByteArray())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void generatedKeysDifferAndKeepTheirSecretOutOfText() {
        SecureRandom random = new SecureRandom();
        Secp256k1KeyPair a = Secp256k1KeyPair.generate(random);
        Secp256k1KeyPair b = Secp256k1KeyPair.generate(random);
        assertThat(a.address()).isNotEqualTo(b.address());
        assertThat(a.toString()).doesNotContain(HexFormat.of().formatHex(a.secret())).contains(a.address().value());
        assertThat(Secp256k1KeyPair.of(a.secret()).compressedPublicKey()).isEqualTo(a.compressedPublicKey());
    }
}
