package dev.candor.attestation.digest;

import org.bouncycastle.jcajce.provider.digest.Keccak;

/** Keccak-256 with the original padding, the hash of Ethereum; it is not FIPS 202's SHA3-256. */
public final class Keccak256 {
    private Keccak256() {}

    /** The 32-byte hash of the concatenation of {@code parts}. */
    public static byte[] hash(byte[]... parts) {
        Keccak.Digest256 keccak = new Keccak.Digest256();
        for (byte[] part : parts) {
            keccak.update(part);
        }
        return keccak.digest();
    }
}
