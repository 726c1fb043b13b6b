package dev.candor.inference.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An input as it stands in the JSON: its members come in any order, so that its data are passed over until type and shape are known. */
final class InputHead {
    private static final int MAX_RANK = 64;

    private final String where;
    private String name;
    private Datatype datatype;
    private List<Long> shape;
    private Parameters parameters = Parameters.none();
    private int dataStart = -1;
    private int dataEnd;

    private InputHead(String where) {
        this.where = where;
    }

    /** @param where what errors call it */
    static InputHead read(JsonParser parser, String where) throws IOException, ApiException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new ApiException(ErrorCode.INVALID_TYPE, "'" + where + "' must be an object.", where);
        }
        InputHead head = new InputHead(where);
        for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
            parser.nextToken();
            head.member(parser, member);
        }
        head.requireWhole();
        return head;
    }

    private void member(JsonParser parser, String member) throws IOException, ApiException {
        switch (member) {
            case "name" -> name = text(parser, "name");
            case "datatype" -> {
                String type = text(parser, "datatype");
                datatype = Datatype.of(type).orElseThrow(() -> wrong("datatype", "is " + type + ", which is no datatype of the protocol"));
            }
            case "shape" -> shape = shape(parser.readValueAsTree());
            case "parameters" -> {
                parameters = Parameters.of(parser.readValueAsTree(), where + ".");
                parameters.refuseSharedMemory();
            }
            case "data" -> {
                dataStart = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                dataEnd = (int) parser.currentLocation().getByteOffset();
            }
            default -> parser.skipChildren();
        }
    }

    private String text(JsonParser parser, String member) throws IOException, ApiException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(member, "must be a string");
        }
        return parser.getText();
    }

    private List<Long> shape(JsonNode node) throws ApiException {
        if (!node.isArray() || node.size() > MAX_RANK) {
            throw wrong("shape", "must be an array of at most " + MAX_RANK + " lengths");
        }
        List<Long> lengths = new ArrayList<>();
        for (JsonNode length : node) {
            if (!length.isIntegralNumber() || !length.canConvertToLong() || length.longValue() < 0) {
                throw wrong("shape", "has the length " + length + ", which is no whole number of at least 0");
            }
            lengths.add(length.longValue());
        }
        return lengths;
    }

    private void requireWhole() throws ApiException {
        String missing = name == null ? "name" : datatype == null ? "datatype" : shape == null ? "shape" : null;
        if (missing != null) {
            throw new ApiException(ErrorCode.MISSING_PARAMETER, "Missing required parameter: '" + where + "." + missing + "'.", where + "." + missing);
        }
    }

    Tensor tensor(JsonMapper mapper, BinaryTail tail) throws IOException, ApiException {
        OptionalLong binary = parameters.whole("binary_data_size");
        if (binary.isPresent() == (dataStart >= 0)) {
            throw wrong("data", "must be given, or 'parameters.binary_data_size', and not both");
        }
        try {
            MemorySegment data = binary.isPresent() ? tail.take(where, binary.getAsLong()) : json(mapper, tail.body());
            if (datatype == Datatype.BOOL) {
                requireTruthValues(data);
            }
            return new Tensor(name, datatype, shape, data);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'" + where + "': " + e.getMessage() + ".", where);
        }
    }

    private MemorySegment json(JsonMapper mapper, byte[] body) throws IOException, ApiException {
        try (JsonParser parser = mapper.createParser(body, dataStart, dataEnd - dataStart)) {
            return new JsonElements(where, datatype, shape, dataEnd - dataStart).read(parser);
        }
    }

    private void requireTruthValues(MemorySegment data) throws ApiException {
        for (long i = 0; i < data.byteSize(); i++) {
            int value = data.get(ValueLayout.JAVA_BYTE, i);
            if (value != 0 && value != 1) {
                throw wrong("data", "has the byte " + value + " where BOOL takes 0 or 1");
            }
        }
    }

    private ApiException wrong(String member, String what) {
        return new ApiException(ErrorCode.INVALID_VALUE, "'" + where + "." + member + "' " + what + ".", where + "." + member);
    }
}
