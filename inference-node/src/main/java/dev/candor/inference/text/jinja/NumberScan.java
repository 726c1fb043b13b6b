package dev.candor.inference.text.jinja;

/**
 * Where a number literal ends.
 *
 * @param end  the position after it
 * @param real whether it has a fraction or an exponent
 */
record NumberScan(int end, boolean real) {
    /** @param start a position of a decimal digit */
    static NumberScan at(String source, int start) {
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        int whole = digits(source, start, 10);
        int fraction = whole < source.length() && source.charAt(whole) == '.' ? digits(source, whole + 1, 10) : whole;
        boolean hasFraction = fraction > whole + 1;
        int exponent = exponent(source, hasFraction ? fraction : whole);
        if (!afterDot && (hasFraction || exponent > 0)) {
            return new NumberScan(exponent > 0 ? exponent : fraction, true);
        }
        if (source.charAt(start) != '0') {
            return new NumberScan(whole, false);
        }
        int radix = radix(start + 1 < source.length() ? source.charAt(start + 1) : 0);
        int prefixed = radix == 10 ? 0 : digits(source, start + 2, radix);
        return prefixed > start + 2 ? new NumberScan(prefixed, false) : new NumberScan(zeros(source, start), false);
    }

    static int radix(char letter) {
        return switch (letter) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private static int exponent(String source, int at) {
        if (at >= source.length() || Character.toLowerCase(source.charAt(at)) != 'e') {
            return 0;
        }
        boolean signed = at + 1 < source.length() && (source.charAt(at + 1) == '+' || source.charAt(at + 1) == '-');
        int start = at + (signed ? 2 : 1);
        int end = digits(source, start, 10);
        return end > start ? end : 0;
    }

    /** Digits with single underscores between them. */
    private static int digits(String source, int start, int radix) {
        int at = start;
        while (at < source.length()) {
            char c = source.charAt(at);
            boolean separator = c == '_' && (at > start || radix != 10) && at + 1 < source.length() && isDigit(source.charAt(at + 1), radix);
            if (!separator && !isDigit(c, radix)) {
                break;
            }
            at++;
        }
        return at;
    }

    private static int zeros(String source, int start) {
        int at = start;
        while (at < source.length() && source.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }
}
