package dev.candor.attestation.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/** The two numbers of a signature, in the one form that is accepted. */
record CompactSignature(BigInteger r, BigInteger s) {
    static final BigInteger ORDER = new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
    static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
    static final int LENGTH = 64;
    static final int RECOVERABLE_LENGTH = 65;
    private static final int WORD = 32;

    static CompactSignature parse(byte[] signature) throws InvalidSignatureException {
        if (signature.length != LENGTH) {
            throw new InvalidSignatureException("a secp256k1 signature is 64 bytes r||s, got " + signature.length);
        }
        return check(signature);
    }

    /** The signature in front of the recovery byte, which is checked too. */
    static CompactSignature parseRecoverable(byte[] signature) throws InvalidSignatureException {
        if (signature.length != RECOVERABLE_LENGTH) {
            throw new InvalidSignatureException("a recoverable secp256k1 signature is 65 bytes r||s||v, got " + signature.length);
        }
        int v = signature[LENGTH] & 0xff;
        if (v != 27 && v != 28) {
            throw new InvalidSignatureException("the recovery byte v is 27 or 28, got " + v);
        }
        return check(signature);
    }

    private static CompactSignature check(byte[] signature) throws InvalidSignatureException {
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, WORD));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, WORD, LENGTH));
        if (r.signum() == 0 || r.compareTo(ORDER) >= 0) {
            throw new InvalidSignatureException("r of the signature is not in 1 .. n-1: " + r.toString(16));
        }
        if (s.signum() == 0 || s.compareTo(HALF_ORDER) > 0) {
            throw new InvalidSignatureException("s of the signature is not in 1 .. n/2 (EIP-2): " + s.toString(16));
        }
        return new CompactSignature(r, s);
    }

    byte[] bytes() {
        byte[] out = new byte[LENGTH];
        putWord(r, out, 0);
        putWord(s, out, WORD);
        return out;
    }

    private static void putWord(BigInteger value, byte[] out, int at) {
        byte[] raw = value.toByteArray();
        int length = Math.min(raw.length, WORD);
        System.arraycopy(raw, raw.length - length, out, at + WORD - length, length);
    }

    static byte[] requireDigest(byte[] digest) {
        return requireLength(digest, WORD, "digest");
    }

    static byte[] requireSecret(byte[] secret) {
        requireLength(secret, WORD, "secret key");
        BigInteger d = new BigInteger(1, secret);
        if (d.signum() == 0 || d.compareTo(ORDER) >= 0) {
            throw new IllegalArgumentException("a secp256k1 secret key is a number in 1 .. n-1");
        }
        return secret;
    }

    private static byte[] requireLength(byte[] value, int length, String what) {
        if (value.length != length) {
            throw new IllegalArgumentException("a " + what + " is " + length + " bytes, got " + value.length);
        }
        return value;
    }
}
