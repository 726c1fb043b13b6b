package dev.candor.inference.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 1048576}, {@code 64M}, {@code 64MiB}, {@code 1.5G}, {@code 2 GB}. K, M, G and T alone and with iB are powers
 * of 1024, with B powers of 1000; upper and lower case are the same.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s?([KMGT]?)(I?B)?");
    private static final List<String> PREFIXES = List.of("", "K", "M", "G", "T");
    private static final int MAX_CHARACTERS = 40;

    /** @throws IllegalArgumentException if it is negative */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative: " + bytes);
        }
    }

    /** @throws IllegalArgumentException saying how a size is written, if {@code text} is none or more than a long holds */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (text.length() > MAX_CHARACTERS || !matcher.matches()) {
            throw wrong(text);
        }
        int power = PREFIXES.indexOf(matcher.group(2));
        boolean decimal = "B".equals(matcher.group(3));
        if (power == 0 && "IB".equals(matcher.group(3))) {
            throw wrong(text);
        }
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(decimal ? 1000 : 1024).pow(power));
        try {
            return new ByteSize(bytes.toBigIntegerExact().longValueExact());
        } catch (ArithmeticException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        String shown = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "…" : text;
        return new IllegalArgumentException("'" + shown + "' is no size: write whole bytes, or a number with K, M, G or T, as in 1048576, 64M, 64MiB or 1.5G");
    }

    /**
     * Bytes where only so many can be used.
     *
     * @throws ConfigException naming {@code option} if there are more
     */
    public int asInt(String option) {
        if (bytes > Integer.MAX_VALUE) {
            throw new ConfigException(option + " must be less than 2G, got " + bytes + " bytes");
        }
        return (int) bytes;
    }
}
