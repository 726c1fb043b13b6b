package dev.candor.attestation.crypto;

import dev.candor.attestation.digest.Keccak256;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Pure Java, for machines libsecp256k1 has no native library for. */
final class BouncySecp256k1 implements Secp256k1 {
    private final ECDomainParameters curve;

    BouncySecp256k1() {
        X9ECParameters x9 = SECNamedCurves.getByName("secp256k1");
        this.curve = new ECDomainParameters(x9.getCurve(), x9.getG(), x9.getN(), x9.getH());
    }

    @Override
    public String implementation() {
        return "bouncycastle";
    }

    @Override
    public byte[] publicKey(byte[] secret) {
        return point(secret).getEncoded(true);
    }

    @Override
    public EvmAddress address(byte[] publicKey) throws InvalidSignatureException {
        return addressOf(parse(publicKey));
    }

    @Override
    public byte[] sign(byte[] digest, byte[] secret) {
        return signature(digest, secret).bytes();
    }

    @Override
    public byte[] signRecoverable(byte[] digest, byte[] secret) {
        CompactSignature signature = signature(digest, secret);
        int recovery = point(secret).equals(recover(digest, signature, 0)) ? 0 : 1;
        byte[] out = Arrays.copyOf(signature.bytes(), CompactSignature.RECOVERABLE_LENGTH);
        out[CompactSignature.LENGTH] = (byte) (27 + recovery);
        return out;
    }

    @Override
    public void verify(byte[] publicKey, byte[] digest, byte[] signature) throws InvalidSignatureException {
        CompactSignature.requireDigest(digest);
        CompactSignature parsed = CompactSignature.parse(signature);
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, new ECPublicKeyParameters(parse(publicKey), curve));
        if (!verifier.verifySignature(digest, parsed.r(), parsed.s())) {
            throw mismatch(publicKey, digest);
        }
    }

    @Override
    public EvmAddress recover(byte[] digest, byte[] signature) throws InvalidSignatureException {
        CompactSignature.requireDigest(digest);
        CompactSignature parsed = CompactSignature.parseRecoverable(signature);
        ECPoint point = recover(digest, parsed, signature[CompactSignature.LENGTH] - 27);
        if (point == null) {
            throw new InvalidSignatureException("no key can have made this signature: " + HexFormat.of().formatHex(signature));
        }
        return addressOf(point);
    }

    private ECPoint point(byte[] secret) {
        BigInteger d = new BigInteger(1, CompactSignature.requireSecret(secret));
        return new FixedPointCombMultiplier().multiply(curve.getG(), d).normalize();
    }

    private CompactSignature signature(byte[] digest, byte[] secret) {
        BigInteger d = new BigInteger(1, CompactSignature.requireSecret(secret));
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(d, curve));
        BigInteger[] rs = signer.generateSignature(CompactSignature.requireDigest(digest));
        BigInteger s = rs[1].compareTo(CompactSignature.HALF_ORDER) > 0 ? CompactSignature.ORDER.subtract(rs[1]) : rs[1];
        return new CompactSignature(rs[0], s);
    }

    /** SEC 1, 4.1.6; null where {@code r} is no coordinate of a point or the result is the point at infinity. */
    private ECPoint recover(byte[] digest, CompactSignature signature, int parity) {
        byte[] encoded = new byte[33];
        encoded[0] = (byte) (2 + parity);
        System.arraycopy(signature.bytes(), 0, encoded, 1, 32);
        ECPoint nonce;
        try {
            nonce = curve.getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            return null;
        }
        BigInteger inverse = signature.r().modInverse(curve.getN());
        BigInteger onBase = inverse.multiply(new BigInteger(1, digest)).negate().mod(curve.getN());
        BigInteger onNonce = inverse.multiply(signature.s()).mod(curve.getN());
        ECPoint point = ECAlgorithms.sumOfTwoMultiplies(curve.getG(), onBase, nonce, onNonce).normalize();
        return point.isInfinity() ? null : point;
    }

    private ECPoint parse(byte[] publicKey) throws InvalidSignatureException {
        requirePointForm(publicKey);
        try {
            return curve.getCurve().decodePoint(publicKey);
        } catch (IllegalArgumentException e) {
            throw notAPoint(publicKey);
        }
    }

    private static EvmAddress addressOf(ECPoint point) {
        byte[] encoded = point.getEncoded(false);
        byte[] hash = Keccak256.hash(Arrays.copyOfRange(encoded, 1, encoded.length));
        return EvmAddress.of(Arrays.copyOfRange(hash, 12, 32));
    }

    /** The forms 02, 03 (33 bytes) and 04 (65 bytes) only: libraries differ on the hybrid forms 06 and 07. */
    static void requirePointForm(byte[] publicKey) throws InvalidSignatureException {
        boolean compressed = publicKey.length == 33 && (publicKey[0] == 2 || publicKey[0] == 3);
        boolean uncompressed = publicKey.length == 65 && publicKey[0] == 4;
        if (!compressed && !uncompressed) {
            throw new InvalidSignatureException("a secp256k1 public key is 33 bytes 02/03.. or 65 bytes 04.., got " + publicKey.length + " bytes");
        }
    }

    static InvalidSignatureException notAPoint(byte[] publicKey) {
        return new InvalidSignatureException("not a point of secp256k1: " + HexFormat.of().formatHex(publicKey));
    }

    static InvalidSignatureException mismatch(byte[] publicKey, byte[] digest) {
        HexFormat hex = HexFormat.of();
        return new InvalidSignatureException(
                "the signature over " + hex.formatHex(digest) + " was not made by the key " + hex.formatHex(publicKey));
    }
}
