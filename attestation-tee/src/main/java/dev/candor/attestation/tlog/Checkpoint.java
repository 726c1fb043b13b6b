package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The size and root of a log at one moment, C2SP tlog-checkpoint.
 *
 * @param origin the log's identity, one line
 * @param size   leaves in the log
 * @param root   root of the tree over them
 */
public record Checkpoint(String origin, long size, Digest root) {
    private static final int MAX_SIZE_DIGITS = 19;
    private static final int MAX_ORIGIN_CHARS = 512;
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0," + (MAX_SIZE_DIGITS - 1) + "}");

    /** @throws IllegalArgumentException if the origin is no line or the size is negative */
    public Checkpoint {
        if (origin.isEmpty() || origin.length() > MAX_ORIGIN_CHARS || origin.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("an origin is one line of 1 to " + MAX_ORIGIN_CHARS + " characters");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a log has no negative size: " + size);
        }
    }

    /**
     * Reads the text of a note; extension lines are passed over, as C2SP asks of clients.
     *
     * @throws LogFormatException if it is no checkpoint
     */
    public static Checkpoint parse(String text) throws LogFormatException {
        if (!text.endsWith("\n") || text.contains("\n\n") || text.startsWith("\n")) {
            throw new LogFormatException("checkpoint: every line must be filled and end in a newline");
        }
        String[] lines = text.split("\n", 4);
        if (lines.length < 4) {
            throw new LogFormatException("checkpoint: has " + (lines.length - 1) + " lines, needs origin, size and root");
        }
        if (!SIZE.matcher(lines[1]).matches()) {
            throw new LogFormatException("checkpoint: the size is not a decimal number without leading zeros");
        }
        byte[] root = SignedNote.strictBase64(lines[2], "the checkpoint's root");
        if (root.length != MerkleHash.BYTES) {
            throw new LogFormatException("checkpoint: the root has " + root.length + " bytes, not 32");
        }
        try {
            return new Checkpoint(lines[0], Long.parseLong(lines[1]), Digest.of(root));
        } catch (IllegalArgumentException e) {
            throw new LogFormatException("checkpoint: " + e.getMessage(), e);
        }
    }

    /** The three lines that are signed, each with its newline. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.bytes()) + "\n";
    }
}
