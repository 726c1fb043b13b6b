package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Token ids as bytes: unsigned 32-bit little-endian words, one after the other. */
public final class TokenDigest {
    private TokenDigest() {}

    /** The SHA-256 over the words of {@code ids}. */
    public static Digest of(int[] ids) {
        return Digest.sha256(bytes(ids));
    }

    /** Four bytes for each id. */
    public static byte[] bytes(int[] ids) {
        ByteBuffer out = ByteBuffer.allocate(ids.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.asIntBuffer().put(ids);
        return out.array();
    }

    /**
     * The ids in {@code words}.
     *
     * @throws IllegalArgumentException if the length is not a multiple of four
     */
    public static int[] parse(byte[] words) {
        if (words.length % Integer.BYTES != 0) {
            throw new IllegalArgumentException("token ids are words of 4 bytes, got " + words.length + " bytes");
        }
        int[] ids = new int[words.length / Integer.BYTES];
        ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ids);
        return ids;
    }
}
