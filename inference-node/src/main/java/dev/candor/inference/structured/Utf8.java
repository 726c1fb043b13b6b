package dev.candor.inference.structured;

/** Ranges of code points as sequences of ranges of bytes (UTF-8, RFC 3629). */
final class Utf8 {
    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, CharRanges.LAST};
    private static final int CONTINUATION_BITS = 6;

    private Utf8() {}

    /** Takes sequences of byte ranges: the first and the last byte at each place. */
    interface Sink {
        void sequence(int[] firsts, int[] lasts);
    }

    /** @param first to {@code last} without surrogates between them */
    static void split(int first, int last, Sink sink) {
        int from = first;
        for (int length = 1; length <= LAST_OF_LENGTH.length && from <= last; length++) {
            int limit = LAST_OF_LENGTH[length - 1];
            if (from <= limit) {
                aligned(from, Math.min(last, limit), length, sink);
                from = limit + 1;
            }
        }
    }

    // Within one lead byte a range of code points is a range of bytes at every place only if all places behind the first
    // one that differs run from end to end; other ranges are cut until they are like that.
    private static void aligned(int first, int last, int length, Sink sink) {
        for (int i = 1; i < length; i++) {
            int mask = (1 << CONTINUATION_BITS * i) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    aligned(first, first | mask, length, sink);
                    aligned((first | mask) + 1, last, length, sink);
                    return;
                }
                if ((last & mask) != mask) {
                    aligned(first, (last & ~mask) - 1, length, sink);
                    aligned(last & ~mask, last, length, sink);
                    return;
                }
            }
        }
        sink.sequence(bytes(first, length), bytes(last, length));
    }

    private static int[] bytes(int codePoint, int length) {
        if (length == 1) {
            return new int[] {codePoint};
        }
        int[] bytes = new int[length];
        int rest = codePoint;
        for (int i = length - 1; i > 0; i--) {
            bytes[i] = 0x80 | rest & 0x3F;
            rest >>= CONTINUATION_BITS;
        }
        int lead = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0;
        bytes[0] = lead | rest;
        return bytes;
    }
}
