package dev.candor.attestation.crypto;

/**
 * ECDSA over the curve secp256k1 (SEC 2), with RFC 6979 nonces over SHA-256. Signatures are {@code r || s} with {@code s} in the lower half of
 * the order (EIP-2), so that each signature has exactly one accepted form. Secrets are 32 bytes big-endian, digests 32 bytes; arrays of another
 * length are an {@link IllegalArgumentException}, except where they come from outside: signatures and public keys.
 */
public sealed interface Secp256k1 permits AcinqSecp256k1, BouncySecp256k1 {

    /** libsecp256k1 where its native library loads on this machine, else the pure Java implementation; always the same object. */
    static Secp256k1 get() {
        return Secp256k1Provider.INSTANCE;
    }

    /** {@code libsecp256k1} or {@code bouncycastle}. */
    String implementation();

    /**
     * The 33-byte compressed public key of {@code secret}.
     *
     * @throws IllegalArgumentException if {@code secret} is not a number in 1 .. n-1
     */
    byte[] publicKey(byte[] secret);

    /**
     * The account address of a public key: the last 20 bytes of the Keccak-256 of its two coordinates.
     *
     * @param publicKey 33 bytes compressed or 65 bytes uncompressed (SEC 1)
     * @throws InvalidSignatureException if {@code publicKey} is not a point of the curve
     */
    EvmAddress address(byte[] publicKey) throws InvalidSignatureException;

    /** A 64-byte signature {@code r || s}. */
    byte[] sign(byte[] digest, byte[] secret);

    /** A 65-byte signature {@code r || s || v} with {@code v} 27 or 28, as {@code ecrecover} takes it. */
    byte[] signRecoverable(byte[] digest, byte[] secret);

    /**
     * Checks a signature.
     *
     * @param publicKey 33 bytes compressed
     * @param signature 64 bytes {@code r || s}
     * @throws InvalidSignatureException if the signature, or the key, is malformed or does not fit the digest
     */
    void verify(byte[] publicKey, byte[] digest, byte[] signature) throws InvalidSignatureException;

    /**
     * Who signed.
     *
     * @param signature 65 bytes {@code r || s || v}, {@code v} 27 or 28
     * @throws InvalidSignatureException if no key can have made the signature
     */
    EvmAddress recover(byte[] digest, byte[] signature) throws InvalidSignatureException;
}
