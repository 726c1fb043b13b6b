package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.security.DigestException;
import java.security.MessageDigest;

/** The hashes of a Merkle tree over SHA-256, RFC 6962 section 2.1 and RFC 9162 section 2.1.1. */
public final class MerkleHash {
    /** Bytes of one hash. */
    static final int BYTES = 32;

    private static final byte LEAF = 0x00;
    private static final byte NODE = 0x01;

    private MerkleHash() {}

    /** The root of the tree that has no leaves. */
    public static Digest emptyRoot() {
        return Digest.sha256();
    }

    /** The hash of a leaf that holds {@code entry}: SHA-256(0x00 || entry). */
    public static Digest leaf(byte[] entry) {
        return Digest.of(leafBytes(entry));
    }

    /** The hash of an inner node: SHA-256(0x01 || left || right). */
    public static Digest node(Digest left, Digest right) {
        return Digest.of(node(left.bytes(), right.bytes()));
    }

    static byte[] leafBytes(byte[] entry) {
        MessageDigest sha = Digest.newSha256();
        sha.update(LEAF);
        return sha.digest(entry);
    }

    static byte[] node(byte[] left, byte[] right) {
        MessageDigest sha = Digest.newSha256();
        sha.update(NODE);
        sha.update(left);
        return sha.digest(right);
    }

    /**
     * The root of the perfect subtree over consecutive hashes.
     *
     * @param hashes 32 bytes a hash
     * @param first  index of the first hash, in hashes
     * @param count  how many hashes, a power of two
     */
    static byte[] perfect(byte[] hashes, int first, int count) {
        byte[] work = new byte[count * BYTES];
        System.arraycopy(hashes, first * BYTES, work, 0, work.length);
        MessageDigest sha = Digest.newSha256();
        try {
            for (int width = count; width > 1; width /= 2) {
                for (int pair = 0; pair < width / 2; pair++) {
                    sha.update(NODE);
                    sha.update(work, pair * 2 * BYTES, 2 * BYTES);
                    sha.digest(work, pair * BYTES, BYTES);
                }
            }
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes always hold a SHA-256", e);
        }
        byte[] root = new byte[BYTES];
        System.arraycopy(work, 0, root, 0, BYTES);
        return root;
    }
}
