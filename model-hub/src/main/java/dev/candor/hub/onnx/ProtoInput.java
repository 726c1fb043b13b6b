package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one protobuf message, one after the other. Nothing is copied, and every length is checked against the message's end, so that reading
 * takes time and memory in proportion to the bytes there are.
 */
final class ProtoInput {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BLOCK = 2;
    private static final int FIXED32 = 5;
    private static final int WIRE_BITS = 3;
    private static final int MAX_VARINT_BITS = 64;

    private final MemorySegment bytes;
    private final String message;
    private long position;
    private long fieldStart;
    private int wire;

    /** @param message what the bytes are, for errors */
    ProtoInput(MemorySegment bytes, String message) {
        this.bytes = bytes;
        this.message = message;
    }

    String message() {
        return message;
    }

    boolean more() {
        return position < bytes.byteSize();
    }

    /** Goes to the next field and gives its number. */
    int field() throws OnnxException {
        fieldStart = position;
        long tag = rawVarint();
        wire = (int) tag & 7;
        long number = tag >>> WIRE_BITS;
        if (number < 1 || number > Integer.MAX_VALUE >>> WIRE_BITS) {
            throw damaged("has a field with the number " + number);
        }
        return (int) number;
    }

    /** Whether the field is a block, as packed numbers are, and not a single number. */
    boolean packed() {
        return wire == BLOCK;
    }

    long whole() throws OnnxException {
        require(VARINT);
        return rawVarint();
    }

    /** The next number of a packed block, which has no tag of its own. */
    long rawVarint() throws OnnxException {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
            byte next = bytes.get(ValueLayout.JAVA_BYTE, take(1));
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("has a number of more than ten bytes");
    }

    float real() throws OnnxException {
        require(FIXED32);
        return Float.intBitsToFloat(rawFixed32());
    }

    int rawFixed32() throws OnnxException {
        return bytes.get(INT, take(Integer.BYTES));
    }

    long rawFixed64() throws OnnxException {
        return bytes.get(LONG, take(Long.BYTES));
    }

    /** The bytes of a string, of bytes, of a message or of packed numbers. */
    MemorySegment block() throws OnnxException {
        require(BLOCK);
        long length = rawVarint();
        return bytes.asSlice(take(length), length);
    }

    ProtoInput message(String what) throws OnnxException {
        return new ProtoInput(block(), what);
    }

    String text(int maxBytes) throws OnnxException {
        MemorySegment block = block();
        if (block.byteSize() > maxBytes) {
            throw damaged("has a text of " + block.byteSize() + " bytes, at most " + maxBytes + " are read");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(block.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new OnnxException(message + " has a text that is not UTF-8", e);
        }
    }

    /** Passes over the field and gives all its bytes, tag included. */
    MemorySegment skip() throws OnnxException {
        switch (wire) {
            case VARINT -> rawVarint();
            case FIXED64 -> take(Long.BYTES);
            case BLOCK -> take(rawVarint());
            case FIXED32 -> take(Integer.BYTES);
            default -> throw damaged("has a field of the unknown wire type " + wire);
        }
        return bytes.asSlice(fieldStart, position - fieldStart);
    }

    OnnxException damaged(String what) {
        return new OnnxException(message + " " + what + " (at byte " + fieldStart + " of its " + bytes.byteSize() + ")");
    }

    private void require(int expected) throws OnnxException {
        if (wire != expected) {
            throw damaged("has a field of wire type " + wire + " where type " + expected + " belongs");
        }
    }

    private long take(long count) throws OnnxException {
        if (count < 0 || count > bytes.byteSize() - position) {
            throw damaged("is cut short: " + Long.toUnsignedString(count) + " bytes should follow, " + (bytes.byteSize() - position) + " do");
        }
        long at = position;
        position += count;
        return at;
    }
}
