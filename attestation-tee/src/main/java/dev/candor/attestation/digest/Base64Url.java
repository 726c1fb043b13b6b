package dev.candor.attestation.digest;

import java.util.Base64;

/** Bytes in JSON and headers: base64url without padding (RFC 4648, 5), one text for each byte string. */
public final class Base64Url {
    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The bytes of {@code text}.
     *
     * @throws IllegalArgumentException for padding, other letters, or bits left over: what {@link #encode} would write otherwise
     */
    public static byte[] decode(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (!encode(bytes).equals(text)) {
            throw new IllegalArgumentException("not base64url without padding in its one form");
        }
        return bytes;
    }
}
