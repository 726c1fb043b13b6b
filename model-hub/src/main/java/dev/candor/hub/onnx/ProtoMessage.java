package dev.candor.hub.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One protobuf message, built field by field in the order of the calls, so that the same calls give the same bytes. */
final class ProtoMessage {
    private interface Write {
        void to(CodedOutputStream out) throws IOException;
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

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
        return write(o -> o.writeByteArray(field, value));
    }

    ProtoMessage message(int field, ProtoMessage value) {
        return bytes(field, value.toBytes());
    }

    byte[] toBytes() {
        write(CodedOutputStream::flush);
        return bytes.toByteArray();
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
