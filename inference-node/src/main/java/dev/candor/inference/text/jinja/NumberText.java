package dev.candor.inference.text.jinja;

import java.math.BigInteger;

/** Python's {@code int(text, base)} and {@code float(text)}; null where those refuse. */
final class NumberText {
    private NumberText() {
    }

    static BigInteger integer(String text, int base, int mostDigits) {
        String stripped = PyText.strip(text);
        boolean negative = stripped.startsWith("-");
        String digits = negative || stripped.startsWith("+") ? stripped.substring(1) : stripped;
        int prefix = digits.length() > 2 && digits.charAt(0) == '0' ? NumberScan.radix(digits.charAt(1)) : 10;
        boolean prefixed = prefix != 10 && (base == prefix || base == 0);
        int radix = base == 0 ? prefix : base;
        if (prefixed) {
            digits = digits.charAt(2) == '_' ? digits.substring(3) : digits.substring(2);
        }
        if (radix < 2 || radix > 36 || digits.length() > mostDigits || !separated(digits)) {
            return null;
        }
        String plain = digits.replace("_", "");
        boolean octalLooking = base == 0 && !prefixed && plain.startsWith("0") && !plain.replace("0", "").isEmpty();
        if (octalLooking || !plain.codePoints().allMatch(c -> Character.digit(c, radix) >= 0)) {
            return null;
        }
        BigInteger value = new BigInteger(plain, radix);
        return negative ? value.negate() : value;
    }

    static Double real(String text, int mostDigits) {
        String stripped = PyText.strip(text);
        String body = stripped.startsWith("-") || stripped.startsWith("+") ? stripped.substring(1) : stripped;
        double sign = stripped.startsWith("-") ? -1 : 1;
        switch (body.toLowerCase(java.util.Locale.ROOT)) {
            case "inf", "infinity" -> {
                return sign * Double.POSITIVE_INFINITY;
            }
            case "nan" -> {
                return Double.NaN;
            }
            default -> { }
        }
        boolean plain = !body.isEmpty() && body.length() <= mostDigits && body.chars().allMatch(c -> c >= '0' && c <= '9' || "._eE+-".indexOf(c) >= 0);
        if (!plain || !underscoresBetweenDigits(body)) {
            return null;
        }
        try {
            return sign * Double.parseDouble(body.replace("_", ""));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static boolean separated(String digits) {
        return !digits.isEmpty() && !digits.startsWith("_") && !digits.endsWith("_") && !digits.contains("__");
    }

    private static boolean underscoresBetweenDigits(String body) {
        if (body.startsWith("-") || body.startsWith("+")) {
            return false;
        }
        for (int at = body.indexOf('_'); at >= 0; at = body.indexOf('_', at + 1)) {
            boolean between = at > 0 && at + 1 < body.length() && Character.isDigit(body.charAt(at - 1)) && Character.isDigit(body.charAt(at + 1));
            if (!between) {
                return false;
            }
        }
        return true;
    }
}
