package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.Base64Url;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** The value of the request header {@code Candor-Nonce}. */
public final class ClientNonce {
    /** Shortest nonce, as in EAT (RFC 9711, 4.1). */
    public static final int MIN_BYTES = 8;
    /** Longest nonce, as in EAT. */
    public static final int MAX_BYTES = 64;

    private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2}){8,64}");

    private ClientNonce() {}

    /**
     * The nonce as lower-case hexadecimal. An even number of 16 to 128 hexadecimal digits is read as hexadecimal, anything else as base64url
     * without padding.
     *
     * @throws IllegalArgumentException if the header is neither, or not 8 to 64 bytes
     */
    public static String parse(String header) {
        if (HEX.matcher(header).matches()) {
            return header.toLowerCase(Locale.ROOT);
        }
        byte[] bytes;
        try {
            bytes = Base64Url.decode(header);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Candor-Nonce is neither hexadecimal nor base64url without padding");
        }
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("Candor-Nonce is " + bytes.length + " bytes, wanted 8 to 64");
        }
        return HexFormat.of().formatHex(bytes);
    }
}
