package dev.candor.attestation.receipt;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A receipt's identifier: the 16 bytes of its CWT {@code cti} claim (RFC 8392), written {@code rcpt_} and 32 hexadecimal digits.
 *
 * @param value {@code rcpt_[0-9a-f]{32}}
 */
public record ReceiptId(String value) {
    private static final String PREFIX = "rcpt_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{32}");

    /** @throws IllegalArgumentException if {@code value} does not have the form of a receipt id */
    public ReceiptId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a receipt id is rcpt_ and 32 hexadecimal digits, got: " + value);
        }
    }

    /** A new random identifier. */
    public static ReceiptId random(SecureRandom random) {
        byte[] cti = new byte[16];
        random.nextBytes(cti);
        return of(cti);
    }

    /** The identifier whose 16 bytes are {@code cti}. */
    public static ReceiptId of(byte[] cti) {
        return new ReceiptId(PREFIX + HexFormat.of().formatHex(cti));
    }

    /** The 16 bytes of the {@code cti} claim. */
    public byte[] cti() {
        return HexFormat.of().parseHex(value, PREFIX.length(), value.length());
    }

    @Override
    public String toString() {
        return value;
    }
}
