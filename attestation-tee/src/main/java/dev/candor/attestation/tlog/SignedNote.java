package dev.candor.attestation.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Text signed by one or more keys, in the form of C2SP signed-note.
 *
 * @param text       ends in a newline, which is signed too
 * @param signatures 1..{@value #MAX_SIGNATURES}
 */
public record SignedNote(String text, List<Signature> signatures) {
    /** More bytes than this are refused before they are looked at. */
    public static final int MAX_BYTES = 128 * 1024;

    /** C2SP asks verifiers to accept 16 at least. */
    public static final int MAX_SIGNATURES = 32;

    private static final String MARK = "\u2014 ";

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /**
     * One signature line.
     *
     * @param name    the key's name
     * @param encoded base64 of the key id (4 bytes, big-endian) and the signature
     */
    public record Signature(String name, String encoded) {
        static Signature of(String name, int keyId, byte[] signature) {
            byte[] bytes = ByteBuffer.allocate(Integer.BYTES + signature.length).putInt(keyId).put(signature).array();
            return new Signature(name, Base64.getEncoder().encodeToString(bytes));
        }

        public int keyId() {
            return ByteBuffer.wrap(Base64.getDecoder().decode(encoded)).getInt();
        }

        /** The signature without the key id. */
        public byte[] bytes() {
            byte[] all = Base64.getDecoder().decode(encoded);
            byte[] signature = new byte[all.length - Integer.BYTES];
            System.arraycopy(all, Integer.BYTES, signature, 0, signature.length);
            return signature;
        }
    }

    /**
     * Reads a note. The text must not be believed before {@link #verify} returned.
     *
     * @throws LogFormatException if it is not a signed note or exceeds a bound
     */
    public static SignedNote parse(byte[] note) throws LogFormatException {
        if (note.length > MAX_BYTES) {
            throw new LogFormatException("note: has " + note.length + " bytes, more than " + MAX_BYTES);
        }
        String all = decode(note);
        int border = all.lastIndexOf("\n\n");
        if (border < 0 || !all.endsWith("\n") || border + 2 == all.length()) {
            throw new LogFormatException("note: no blank line followed by signature lines, each ending in a newline");
        }
        String[] lines = all.substring(border + 2, all.length() - 1).split("\n", MAX_SIGNATURES + 1);
        if (lines.length > MAX_SIGNATURES) {
            throw new LogFormatException("note: has more than " + MAX_SIGNATURES + " signatures");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : lines) {
            signatures.add(signature(line));
        }
        return new SignedNote(all.substring(0, border + 1), signatures);
    }

    /** As {@link #parse(byte[])}, from text. */
    public static SignedNote parse(String note) throws LogFormatException {
        return parse(note.getBytes(StandardCharsets.UTF_8));
    }

    /** The note as it is published, UTF-8. */
    public byte[] bytes() {
        return format().getBytes(StandardCharsets.UTF_8);
    }

    /** The note as it is published. */
    public String format() {
        StringBuilder note = new StringBuilder(text).append('\n');
        for (Signature signature : signatures) {
            note.append(MARK).append(signature.name()).append(' ').append(signature.encoded()).append('\n');
        }
        return note.toString();
    }

    /**
     * Checks that {@code key} signed the text. Signatures of other keys are ignored, one of this key that fails is not.
     *
     * @throws LogProofException if the key did not sign, or a signature that bears its name and id is wrong
     */
    public void verify(LogVerifierKey key) throws LogProofException {
        boolean signed = false;
        for (Signature signature : signatures) {
            if (signature.name().equals(key.name()) && signature.keyId() == key.keyId()) {
                key.verify(text.getBytes(StandardCharsets.UTF_8), signature.bytes());
                signed = true;
            }
        }
        if (!signed) {
            throw new LogProofException("note: not signed by " + key.name() + " with key id " + keyIdHex(key.keyId())
                    + "; signed by " + signers());
        }
    }

    private List<String> signers() {
        return signatures.stream().map(s -> s.name() + " with key id " + keyIdHex(s.keyId())).toList();
    }

    static String keyIdHex(int keyId) {
        return String.format("%08x", keyId);
    }

    /** Refuses a key name that a note cannot carry. */
    static String requireName(String name) throws LogFormatException {
        boolean bad = name.isEmpty()
                || name.codePoints().anyMatch(c -> c == '+' || c < ' ' || Character.isSpaceChar(c) || Character.isWhitespace(c));
        if (bad) {
            throw new LogFormatException("note: a key name is not empty and has no space, plus or control character");
        }
        return name;
    }

    private static Signature signature(String line) throws LogFormatException {
        int space = line.lastIndexOf(' ');
        if (!line.startsWith(MARK) || space < MARK.length()) {
            throw new LogFormatException("note: a signature line is: em dash, space, key name, space, base64");
        }
        String name = requireName(line.substring(MARK.length(), space));
        String encoded = line.substring(space + 1);
        if (strictBase64(encoded, "a signature").length <= Integer.BYTES) {
            throw new LogFormatException("note: a signature has more than the 4 bytes of the key id, got: " + encoded);
        }
        return new Signature(name, encoded);
    }

    /** Decodes base64 in its one canonical form: padded, no stray bits. */
    static byte[] strictBase64(String encoded, String what) throws LogFormatException {
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            if (Base64.getEncoder().encodeToString(bytes).equals(encoded)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new LogFormatException(what + " is not base64: " + e.getMessage(), e);
        }
        throw new LogFormatException(what + " is not base64 in canonical form");
    }

    private static String decode(byte[] note) throws LogFormatException {
        for (byte b : note) {
            if (b >= 0 && b < ' ' && b != '\n') {
                throw new LogFormatException("note: has the control character " + b);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(note)).toString();
        } catch (CharacterCodingException e) {
            throw new LogFormatException("note: is not UTF-8", e);
        }
    }
}
