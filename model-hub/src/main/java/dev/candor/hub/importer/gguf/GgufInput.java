package dev.candor.hub.importer.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Little-endian reading of a GGUF header; nothing is allocated before its bytes are known to be there. */
final class GgufInput {
    /** Most bytes of one string; chat templates and model cards are the longest. */
    static final int MAX_STRING = 4 << 20;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private long position;

    GgufInput(MemorySegment file) {
        this.file = file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return file.byteSize() - position;
    }

    byte int8() throws GgufException {
        return file.get(ValueLayout.JAVA_BYTE, take(1));
    }

    short int16() throws GgufException {
        return file.get(SHORT, take(2));
    }

    int int32() throws GgufException {
        return file.get(INT, take(4));
    }

    long int64() throws GgufException {
        return file.get(LONG, take(8));
    }

    /** An unsigned 64-bit count of things that need at least {@code bytesEach} bytes of the rest of the file. */
    long count(String what, long max, int bytesEach) throws GgufException {
        long at = position;
        long count = int64();
        if (count < 0 || count > max) {
            throw new GgufException("at byte " + at + ": " + Long.toUnsignedString(count) + " " + what + ", at most " + max + " are read");
        }
        if (count * bytesEach > remaining()) {
            throw new GgufException("at byte " + at + ": " + count + " " + what + " do not fit into the rest of the file");
        }
        return count;
    }

    /** A length-prefixed UTF-8 string of at most {@code max} bytes. */
    String text(String what, int max) throws GgufException {
        long at = position;
        int length = (int) count("bytes of " + what, max, 1);
        ByteBuffer bytes = file.asSlice(take(length), length).asByteBuffer();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            throw new GgufException("at byte " + at + ": " + what + " is not UTF-8");
        }
    }

    private long take(long bytes) throws GgufException {
        if (bytes > remaining()) {
            throw new GgufException("the file ends at byte " + file.byteSize() + " within its header");
        }
        long at = position;
        position += bytes;
        return at;
    }
}
