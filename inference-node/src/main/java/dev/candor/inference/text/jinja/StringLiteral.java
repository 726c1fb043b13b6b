package dev.candor.inference.text.jinja;

/** Decodes the escapes of a Python string literal. */
final class StringLiteral {
    private final String raw;
    private final int line;
    private final StringBuilder out = new StringBuilder();
    private int position;

    private StringLiteral(String raw, int line) {
        this.raw = raw;
        this.line = line;
    }

    /** @param raw what stands between the quotes */
    static String decode(String raw, int line) {
        return raw.indexOf('\\') < 0 ? raw : new StringLiteral(raw, line).run();
    }

    private String run() {
        while (position < raw.length()) {
            char c = raw.charAt(position++);
            if (c != '\\') {
                out.append(c);
            } else {
                escape(raw.charAt(position++));
            }
        }
        return out.toString();
    }

    private void escape(char c) {
        switch (c) {
            case '\n' -> { }
            case '\\', '\'', '"' -> out.append(c);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            case 'N' -> named();
            default -> out.append('\\').append(c);
        }
    }

    private void hex(int digits) {
        long code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = position < raw.length() && raw.charAt(position) < 128 ? Character.digit(raw.charAt(position++), 16) : -1;
            if (digit < 0) {
                throw JinjaError.at(line, "truncated hexadecimal escape in a string");
            }
            code = code * 16 + digit;
        }
        if (code > Character.MAX_CODE_POINT) {
            throw JinjaError.at(line, "illegal Unicode character in a string");
        }
        out.appendCodePoint((int) code);
    }

    private void octal() {
        int code = 0;
        position--;
        for (int i = 0; i < 3 && position < raw.length() && raw.charAt(position) >= '0' && raw.charAt(position) <= '7'; i++) {
            code = code * 8 + raw.charAt(position++) - '0';
        }
        out.appendCodePoint(code);
    }

    private void named() {
        int close = raw.indexOf('}', position);
        if (close < 0 || raw.charAt(position) != '{') {
            throw JinjaError.at(line, "malformed \\N character escape in a string");
        }
        try {
            out.appendCodePoint(Character.codePointOf(raw.substring(position + 1, close)));
        } catch (IllegalArgumentException e) {
            throw JinjaError.at(line, "unknown Unicode character name in a string");
        }
        position = close + 1;
    }
}
