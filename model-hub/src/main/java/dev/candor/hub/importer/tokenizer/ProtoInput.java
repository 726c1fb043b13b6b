package dev.candor.hub.importer.tokenizer;

import dev.candor.hub.importer.source.ImportException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a protocol buffer one after another; nothing is copied before its bytes are known to be there. */
final class ProtoInput {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer buffer;
    private int field;
    private int wire;

    ProtoInput(byte[] bytes) {
        this(ByteBuffer.wrap(bytes));
    }

    private ProtoInput(ByteBuffer buffer) {
        this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field; false at the end. The field before must have been read or skipped. */
    boolean next() throws ImportException {
        if (!buffer.hasRemaining()) {
            return false;
        }
        long tag = rawVarint();
        field = (int) (tag >>> 3);
        wire = (int) (tag & 7);
        if (tag < 0 || tag > 0xffff_ffffL || field == 0) {
            throw damaged("a field without a number");
        }
        return true;
    }

    int field() {
        return field;
    }

    long varint() throws ImportException {
        require(VARINT);
        return rawVarint();
    }

    float float32() throws ImportException {
        require(FIXED32);
        return slice(4).getFloat();
    }

    byte[] bytes() throws ImportException {
        ByteBuffer slice = lengthDelimited();
        byte[] bytes = new byte[slice.remaining()];
        slice.get(bytes);
        return bytes;
    }

    String text() throws ImportException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(lengthDelimited()).toString();
        } catch (CharacterCodingException _) {
            throw damaged("a text that is not UTF-8");
        }
    }

    /** The message in this field, which shares this one's bytes. */
    ProtoInput message() throws ImportException {
        return new ProtoInput(lengthDelimited());
    }

    void skip() throws ImportException {
        switch (wire) {
            case VARINT -> rawVarint();
            case FIXED64 -> slice(8);
            case LENGTH -> lengthDelimited();
            case FIXED32 -> slice(4);
            default -> throw damaged("a field of the unknown kind " + wire);
        }
    }

    private ByteBuffer lengthDelimited() throws ImportException {
        require(LENGTH);
        return slice(rawVarint());
    }

    private ByteBuffer slice(long length) throws ImportException {
        if (length < 0 || length > buffer.remaining()) {
            throw damaged("a field of " + Long.toUnsignedString(length) + " bytes where " + buffer.remaining() + " are left");
        }
        ByteBuffer slice = buffer.slice(buffer.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + (int) length);
        return slice;
    }

    private long rawVarint() throws ImportException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!buffer.hasRemaining()) {
                throw damaged("a number that is cut off");
            }
            byte next = buffer.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than 64 bits");
    }

    private void require(int kind) throws ImportException {
        if (wire != kind) {
            throw damaged("field " + field + " of kind " + wire + " where kind " + kind + " belongs");
        }
    }

    private static ImportException damaged(String what) {
        return new ImportException("tokenizer.model is damaged or no SentencePiece model: it has " + what);
    }
}
