package dev.candor.inference.text;

/**
 * The UTF-8 decoder of the WHATWG Encoding Standard (section 8.1.1), a byte at a time: each maximal part of a character that cannot be
 * finished becomes one U+FFFD. Rust's lossy conversion, with which Hugging Face's library decodes, does the same; the JDK's decoder does
 * not where its input comes in pieces.
 */
final class Utf8Stream {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int FIRST_CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xBF;

    private int codePoint;
    private int missing;
    private int lower = FIRST_CONTINUATION;
    private int upper = LAST_CONTINUATION;

    /** @param value 0 to 255 */
    void accept(int value, StringBuilder out) {
        if (missing > 0) {
            if (value < lower || value > upper) {
                end(out);
                accept(value, out);
                return;
            }
            lower = FIRST_CONTINUATION;
            upper = LAST_CONTINUATION;
            codePoint = codePoint << 6 | value & 0x3F;
            if (--missing == 0) {
                out.appendCodePoint(codePoint);
            }
        } else if (value < 0x80) {
            out.append((char) value);
        } else {
            open(value, out);
        }
    }

    private void open(int lead, StringBuilder out) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            begin(1, lead & 0x1F);
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            // Narrower bounds for the second byte keep out overlong forms and surrogates.
            lower = lead == 0xE0 ? 0xA0 : FIRST_CONTINUATION;
            upper = lead == 0xED ? 0x9F : LAST_CONTINUATION;
            begin(2, lead & 0x0F);
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            lower = lead == 0xF0 ? 0x90 : FIRST_CONTINUATION;
            upper = lead == 0xF4 ? 0x8F : LAST_CONTINUATION;
            begin(3, lead & 0x07);
        } else {
            out.append(REPLACEMENT);
        }
    }

    private void begin(int continuations, int bits) {
        missing = continuations;
        codePoint = bits;
    }

    /** The input is over: an unfinished character becomes one replacement. */
    void end(StringBuilder out) {
        if (missing > 0) {
            out.append(REPLACEMENT);
        }
        missing = 0;
        lower = FIRST_CONTINUATION;
        upper = LAST_CONTINUATION;
    }
}
