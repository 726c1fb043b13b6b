package dev.candor.hub.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * One protobuf message, built field by field in the order of the calls, so that the same calls give the same bytes. Blocks of bytes are kept by
 * reference until they are written.
 */
final class ProtoMessage {
    private static final int BLOCK = 2;
    private static final int WIRE_BITS = 3;
    private static final int COPY_BYTES = 1 << 16;
    /** What is shorter is copied rather than kept as a part of its own. */
    private static final int INLINE = 512;

    private interface Write {
        void to(CodedOutputStream out) throws IOException;
    }

    private final List<MemorySegment> parts = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    private long partBytes;

    ProtoMessage integer(int field, long value) {
        return write(o -> o.writeInt64(field, value));
    }

    ProtoMessage real(int field, float value) {
        return write(o -> o.writeFloat(field, value));
    }

    ProtoMessage text(int field, String value) {
        return write(o -> o.writeString(field, value));
    }

    ProtoMessage bytes(int field, byte[] value) {
        return segment(field, MemorySegment.ofArray(value));
    }

    /** A block of bytes, which must not change until the message has been written. */
    ProtoMessage segment(int field, MemorySegment value) {
        return head(field, value.byteSize()).raw(value);
    }

    ProtoMessage message(int field, ProtoMessage value) {
        head(field, value.size());
        value.parts().forEach(this::raw);
        return this;
    }

    /** Fields as they are, tags included. */
    ProtoMessage raw(MemorySegment fields) {
        if (fields.byteSize() <= INLINE) {
            return write(o -> o.writeRawBytes(fields.toArray(ValueLayout.JAVA_BYTE)));
        }
        cut();
        parts.add(fields);
        partBytes += fields.byteSize();
        return this;
    }

    /** Bytes of the whole message. */
    long size() {
        write(CodedOutputStream::flush);
        return partBytes + bytes.size();
    }

    void writeTo(OutputStream target) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (MemorySegment part : parts()) {
            for (long at = 0; at < part.byteSize(); at += COPY_BYTES) {
                int count = (int) Math.min(COPY_BYTES, part.byteSize() - at);
                MemorySegment.copy(part, ValueLayout.JAVA_BYTE, at, buffer, 0, count);
                target.write(buffer, 0, count);
            }
        }
    }

    byte[] toBytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(Math.toIntExact(size()));
        try {
            writeTo(all);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return all.toByteArray();
    }

    private List<MemorySegment> parts() {
        cut();
        return parts;
    }

    private void cut() {
        write(CodedOutputStream::flush);
        if (bytes.size() > 0) {
            parts.add(MemorySegment.ofArray(bytes.toByteArray()));
            partBytes += bytes.size();
            bytes.reset();
        }
    }

    private ProtoMessage head(int field, long length) {
        return write(o -> {
            o.writeUInt32NoTag(field << WIRE_BITS | BLOCK);
            o.writeUInt64NoTag(length);
        });
    }

    private ProtoMessage write(Write write) {
        try {
            write.to(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }
}
