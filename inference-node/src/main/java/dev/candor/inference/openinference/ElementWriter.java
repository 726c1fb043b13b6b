package dev.candor.inference.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.engine.tensor.TensorTexts;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a tensor's elements as JSON values, flat; numbers that are none, such as NaN, as strings. */
final class ElementWriter {
    private final JsonGenerator json;

    ElementWriter(JsonGenerator json) {
        this.json = json;
    }

    void write(Tensor tensor) throws IOException {
        if (tensor.datatype() == Datatype.BYTES) {
            for (byte[] text : TensorTexts.split(tensor)) {
                json.writeString(new String(text, StandardCharsets.UTF_8));
            }
            return;
        }
        ByteBuffer bytes = tensor.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            element(tensor.datatype(), bytes);
        }
    }

    private void element(Datatype datatype, ByteBuffer bytes) throws IOException {
        switch (datatype) {
            case BOOL -> json.writeBoolean(bytes.get() != 0);
            case UINT8 -> json.writeNumber(Byte.toUnsignedInt(bytes.get()));
            case UINT16 -> json.writeNumber(Short.toUnsignedInt(bytes.getShort()));
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong(bytes.getInt()));
            case UINT64 -> json.writeNumber(new BigInteger(Long.toUnsignedString(bytes.getLong())));
            case INT8 -> json.writeNumber(bytes.get());
            case INT16 -> json.writeNumber(bytes.getShort());
            case INT32 -> json.writeNumber(bytes.getInt());
            case INT64 -> json.writeNumber(bytes.getLong());
            case FP16 -> json.writeNumber(Float.float16ToFloat(bytes.getShort()));
            case BF16 -> json.writeNumber(Halves.fromBfloat16(bytes.getShort()));
            case FP32 -> json.writeNumber(bytes.getFloat());
            case FP64 -> json.writeNumber(bytes.getDouble());
            case BYTES -> throw new IllegalStateException("strings have no fixed width");
        }
    }
}
