package dev.candor.attestation.crypto;

import dev.candor.attestation.digest.Keccak256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A 20-byte EVM account address.
 *
 * @param value {@code 0x} and 40 lower-case hexadecimal digits
 */
public record EvmAddress(String value) {
    private static final Pattern FORM = Pattern.compile("0x[0-9a-f]{40}");

    /** @throws IllegalArgumentException if {@code value} is not {@code 0x} and 40 lower-case hexadecimal digits */
    public EvmAddress {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("an EVM address is 0x and 40 hexadecimal digits, got: " + value);
        }
    }

    /** Parses an address in any letter case; an EIP-55 checksum is not required. */
    public static EvmAddress parse(String text) {
        return new EvmAddress(text.toLowerCase(Locale.ROOT));
    }

    /** The address whose 20 bytes are {@code bytes}. */
    public static EvmAddress of(byte[] bytes) {
        return new EvmAddress("0x" + HexFormat.of().formatHex(bytes));
    }

    /** The 20 bytes, in a new array. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(value, 2, value.length());
    }

    /** The address in the mixed case of EIP-55, {@code 0x} included. */
    public String checksummed() {
        String digits = value.substring(2);
        String hash = HexFormat.of().formatHex(Keccak256.hash(digits.getBytes(StandardCharsets.US_ASCII)));
        StringBuilder out = new StringBuilder("0x");
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            out.append(hash.charAt(i) >= '8' ? Character.toUpperCase(digit) : digit);
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return value;
    }
}
