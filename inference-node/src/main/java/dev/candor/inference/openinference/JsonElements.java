package dev.candor.inference.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.engine.tensor.TensorTexts;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a tensor's elements out of a JSON array, flat or nested. */
final class JsonElements {
    private static final BigInteger UINT64_END = BigInteger.ONE.shiftLeft(Long.SIZE);

    private final String where;
    private final Datatype datatype;
    private final long elements;
    private final ByteBuffer bytes;
    private final List<byte[]> texts = new ArrayList<>();
    private long read;

    /** @param jsonBytes of the array: no element takes less than one, so that a lying shape cannot ask for much memory */
    JsonElements(String where, Datatype datatype, List<Long> shape, int jsonBytes) throws ApiException {
        this.where = where;
        this.datatype = datatype;
        this.elements = Tensor.elements(shape);
        if (elements > jsonBytes) {
            throw wrong("has fewer elements than the " + elements + " of shape " + shape);
        }
        if (elements * datatype.width() > Integer.MAX_VALUE) {
            throw wrong("has more elements than are read from JSON: send it in binary");
        }
        this.bytes = ByteBuffer.allocate((int) elements * datatype.width()).order(ByteOrder.LITTLE_ENDIAN);
    }

    MemorySegment read(JsonParser parser) throws IOException, ApiException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw wrong("must be an array");
        }
        int depth = 1;
        while (depth > 0) {
            switch (parser.nextToken()) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                default -> element(parser);
            }
        }
        if (read < elements) {
            throw wrong("has " + read + " elements, its shape needs " + elements);
        }
        return datatype == Datatype.BYTES ? TensorTexts.join(texts) : MemorySegment.ofArray(bytes.array());
    }

    private void element(JsonParser parser) throws IOException, ApiException {
        if (++read > elements) {
            throw wrong("has more than the " + elements + " elements of its shape");
        }
        switch (datatype) {
            case BOOL -> bytes.put((byte) truth(parser));
            case UINT8 -> bytes.put((byte) whole(parser, 0, 0xff));
            case UINT16 -> bytes.putShort((short) whole(parser, 0, 0xffff));
            case UINT32 -> bytes.putInt((int) whole(parser, 0, 0xffff_ffffL));
            case UINT64 -> bytes.putLong(unsigned(parser));
            case INT8 -> bytes.put((byte) whole(parser, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT16 -> bytes.putShort((short) whole(parser, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 -> bytes.putInt((int) whole(parser, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> bytes.putLong(whole(parser, Long.MIN_VALUE, Long.MAX_VALUE));
            case FP16 -> bytes.putShort(Float.floatToFloat16((float) real(parser)));
            case BF16 -> bytes.putShort(Halves.bfloat16((float) real(parser)));
            case FP32 -> bytes.putFloat((float) real(parser));
            case FP64 -> bytes.putDouble(real(parser));
            case BYTES -> texts.add(text(parser));
        }
    }

    private int truth(JsonParser parser) throws IOException, ApiException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default -> (int) whole(parser, 0, 1);
        };
    }

    private long whole(JsonParser parser, long min, long max) throws IOException, ApiException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw unfit(parser);
    }

    private long unsigned(JsonParser parser) throws IOException, ApiException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            BigInteger value = parser.getBigIntegerValue();
            if (value.signum() >= 0 && value.compareTo(UINT64_END) < 0) {
                return value.longValue();
            }
        }
        throw unfit(parser);
    }

    /** JSON has no word for numbers that are none: they come as strings, as they do in answers. */
    private double real(JsonParser parser) throws IOException, ApiException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            double value = datatype == Datatype.FP32 ? parser.getFloatValue() : parser.getDoubleValue();
            if (!Double.isFinite(rounded(value))) {
                throw unfit(parser);
            }
            return value;
        }
        return switch (token == JsonToken.VALUE_STRING ? parser.getText() : "") {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw unfit(parser);
        };
    }

    /** What the tensor will hold, which is infinite where the type does not reach that far. */
    private double rounded(double value) {
        return switch (datatype) {
            case FP16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BF16 -> Halves.fromBfloat16(Halves.bfloat16((float) value));
            default -> value;
        };
    }

    private byte[] text(JsonParser parser) throws IOException, ApiException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unfit(parser);
        }
        return parser.getText().getBytes(StandardCharsets.UTF_8);
    }

    private ApiException unfit(JsonParser parser) throws IOException {
        String found = parser.currentToken().isScalarValue() ? parser.getText() : parser.currentToken().asString();
        return wrong("has " + (found.length() > 40 ? found.substring(0, 40) + "…" : found) + " at index " + (read - 1) + ", which is no " + datatype);
    }

    private ApiException wrong(String what) {
        return new ApiException(ErrorCode.INVALID_VALUE, "'" + where + ".data' " + what + ".", where + ".data");
    }
}
