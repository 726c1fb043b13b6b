package dev.candor.attestation.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;

/** A secp256k1 key that signs: a receipt key, an account of a chain. Immutable and safe for use by many threads. */
public final class Secp256k1KeyPair {
    private final Secp256k1 curve;
    private final byte[] secret;
    private final byte[] publicKey;
    private final EvmAddress address;

    private Secp256k1KeyPair(Secp256k1 curve, byte[] secret) {
        this.curve = curve;
        this.secret = secret.clone();
        this.publicKey = curve.publicKey(secret);
        try {
            this.address = curve.address(publicKey);
        } catch (InvalidSignatureException e) {
            throw new IllegalStateException("the public key of a valid secret is a point", e);
        }
    }

    /** A new key from {@code random}. */
    public static Secp256k1KeyPair generate(SecureRandom random) {
        byte[] secret = new byte[32];
        BigInteger d;
        do {
            random.nextBytes(secret);
            d = new BigInteger(1, secret);
        } while (d.signum() == 0 || d.compareTo(CompactSignature.ORDER) >= 0);
        return of(secret);
    }

    /**
     * The key whose secret is {@code secret}.
     *
     * @throws IllegalArgumentException if {@code secret} is not 32 bytes, or not in 1 .. n-1
     */
    public static Secp256k1KeyPair of(byte[] secret) {
        return of(secret, Secp256k1.get());
    }

    static Secp256k1KeyPair of(byte[] secret, Secp256k1 curve) {
        return new Secp256k1KeyPair(curve, CompactSignature.requireSecret(secret));
    }

    /** The 33-byte compressed public key (SEC 1), in a new array. */
    public byte[] compressedPublicKey() {
        return publicKey.clone();
    }

    /** The account address of this key. */
    public EvmAddress address() {
        return address;
    }

    /** The 32 secret bytes, for the file they are kept in or the chain library that signs transactions; never for a log. */
    public byte[] secret() {
        return secret.clone();
    }

    /** A 64-byte signature {@code r || s}, low {@code s}, over a 32-byte digest. */
    public byte[] signDigest(byte[] digest) {
        return curve.sign(digest, secret);
    }

    /** A 65-byte signature {@code r || s || v}, {@code v} 27 or 28, over a 32-byte digest. */
    public byte[] signRecoverable(byte[] digest) {
        return curve.signRecoverable(digest, secret);
    }

    /** The address alone: the secret must not reach a log through string formatting. */
    @Override
    public String toString() {
        return "Secp256k1KeyPair[" + address + "]";
    }
}
