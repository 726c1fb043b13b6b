package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The public half of a log's Ed25519 key with its name, C2SP signed-note.
 *
 * @param name         of our own logs the origin line
 * @param publicKeyHex 32 bytes, RFC 8032 section 5.1.5, as 64 lower-case hexadecimal digits
 */
public record LogVerifierKey(String name, String publicKeyHex) {
    /** What the origin of every log of ours begins with. */
    public static final String ORIGIN_PREFIX = "candor.node/";

    private static final byte ED25519 = 0x01;
    private static final int KEY_BYTES = 32;
    private static final int MAX_VKEY_CHARS = 1024;
    private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern KEY_HEX = Pattern.compile("[0-9a-f]{64}");
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** @throws IllegalArgumentException if the key is not 64 lower-case hexadecimal digits */
    public LogVerifierKey {
        if (!KEY_HEX.matcher(publicKeyHex).matches()) {
            throw new IllegalArgumentException("an Ed25519 public key is 64 lower-case hexadecimal digits, got: " + publicKeyHex);
        }
    }

    /**
     * Reads the text form {@code <name>+<key id, 8 hex digits>+<base64 of 0x01 and the key>}.
     *
     * @throws LogFormatException if it is not one, or its key id is not the one of its name and key
     */
    public static LogVerifierKey parse(String vkey) throws LogFormatException {
        String[] parts = vkey.length() > MAX_VKEY_CHARS ? new String[0] : vkey.split("\\+", 3);
        if (parts.length != 3 || !KEY_ID.matcher(parts[1]).matches()) {
            throw new LogFormatException("verifier key: is not <name>+<8 hex digits>+<base64>");
        }
        byte[] typed = SignedNote.strictBase64(parts[2], "the verifier key's last part");
        if (typed.length != 1 + KEY_BYTES || typed[0] != ED25519) {
            throw new LogFormatException("verifier key: must be type 1 (Ed25519) and 32 bytes, is type "
                    + (typed.length == 0 ? "missing" : typed[0]) + " and " + (typed.length - 1) + " bytes");
        }
        String hex = HexFormat.of().formatHex(typed, 1, typed.length);
        LogVerifierKey key = new LogVerifierKey(SignedNote.requireName(parts[0]), hex);
        String keyId = SignedNote.keyIdHex(key.keyId());
        if (!keyId.equals(parts[1])) {
            throw new LogFormatException("verifier key: states key id " + parts[1] + ", but name and key give " + keyId);
        }
        return key;
    }

    /** The text form that {@link #parse} reads. */
    public String vkey() {
        byte[] typed = ByteBuffer.allocate(1 + KEY_BYTES).put(ED25519).put(publicKey()).array();
        return name + "+" + SignedNote.keyIdHex(keyId()) + "+" + Base64.getEncoder().encodeToString(typed);
    }

    /** The first four bytes of SHA-256(name || "\n" || 0x01 || key), big-endian. */
    public int keyId() {
        byte[] head = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Digest.sha256(head, new byte[] {ED25519}, publicKey()).bytes()).getInt();
    }

    /** The 32 bytes of the key. */
    public byte[] publicKey() {
        return HexFormat.of().parseHex(publicKeyHex);
    }

    /** The node that owns the key: {@code candor-} and the first 16 hexadecimal digits of SHA-256 of the key. */
    public String nodeId() {
        return nodeId(publicKey());
    }

    static String nodeId(byte[] publicKey) {
        return "candor-" + Digest.sha256(publicKey).hex().substring(0, 16);
    }

    /** @throws LogProofException if {@code signature} is not this key's over {@code message} */
    void verify(byte[] message, byte[] signature) throws LogProofException {
        boolean good;
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(jdkKey());
            verifier.update(message);
            good = verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new LogProofException("note: signature of " + name + " cannot be checked: " + e.getMessage(), e);
        }
        if (!good) {
            throw new LogProofException("note: signature " + HexFormat.of().formatHex(signature) + " is not that of "
                    + name + " with key " + publicKeyHex);
        }
    }

    private PublicKey jdkKey() throws GeneralSecurityException {
        byte[] encoded = ByteBuffer.allocate(X509_PREFIX.length + KEY_BYTES).put(X509_PREFIX).put(publicKey()).array();
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
