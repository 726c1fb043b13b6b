package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Digest;
import java.util.Arrays;

/**
 * What the transparency log holds: 33 bytes, a type byte and a digest, so that the log tells nothing of a receipt but that it exists.
 *
 * @param type   what is logged
 * @param digest SHA-256 of the receipt's COSE bytes, or of the JCS of the key statement
 */
public record LogEntry(Type type, Digest digest) {
    /** How many bytes an entry has. */
    public static final int LENGTH = 33;

    private static final byte[] LEAF_PREFIX = {0};

    /** What an entry is of; the type byte keeps the two apart. */
    public enum Type {
        RECEIPT(1),
        KEY_STATEMENT(2);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }
    }

    /** The entry of a signed receipt. */
    public static LogEntry receipt(byte[] cose) {
        return new LogEntry(Type.RECEIPT, Digest.sha256(cose));
    }

    /** The entry of a key statement with this digest. */
    public static LogEntry keyStatement(Digest statement) {
        return new LogEntry(Type.KEY_STATEMENT, statement);
    }

    /**
     * The entry in {@code bytes}.
     *
     * @throws IllegalArgumentException if {@code bytes} is not 33 bytes with a known type
     */
    public static LogEntry parse(byte[] bytes) {
        if (bytes.length == LENGTH) {
            for (Type type : Type.values()) {
                if (bytes[0] == type.code) {
                    return new LogEntry(type, Digest.of(Arrays.copyOfRange(bytes, 1, LENGTH)));
                }
            }
            throw new IllegalArgumentException("a log entry begins with type 1 or 2, got " + bytes[0]);
        }
        throw new IllegalArgumentException("a log entry is " + LENGTH + " bytes, got " + bytes.length);
    }

    /** The 33 bytes. */
    public byte[] bytes() {
        byte[] out = new byte[LENGTH];
        out[0] = type.code;
        System.arraycopy(digest.bytes(), 0, out, 1, LENGTH - 1);
        return out;
    }

    /** The Merkle leaf hash (RFC 6962, 2.1): SHA-256 of a zero byte and the entry. */
    public Digest leafHash() {
        return Digest.sha256(LEAF_PREFIX, bytes());
    }
}
