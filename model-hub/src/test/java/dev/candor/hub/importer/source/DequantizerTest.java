package dev.candor.hub.importer.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the floats of the Python package gguf; {@code oracles/gguf_quants.py} makes them. */
class DequantizerTest {
    @ParameterizedTest
    @EnumSource(TensorType.class)
    void givesTheFloatsOfAnIndependentImplementation(TensorType type) throws IOException {
        JsonNode golden = golden(type);
        int columns = golden.get("columns").intValue();
        EncodedTensor tensor = tensor(golden, type);
        float[] expected = floats(golden);

        assertThat(golden.get("id").intValue()).isEqualTo(type.id());
        for (int row = 0; row < tensor.rows(); row++) {
            float[] decoded = new float[columns];
            tensor.decode(row, 0, columns, decoded, 0);
            assertThat(decoded).isEqualTo(Arrays.copyOfRange(expected, row * columns, (row + 1) * columns));
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void partsOfARowAreThoseOfTheWholeRow(TensorType type) throws IOException {
        JsonNode golden = golden(type);
        EncodedTensor tensor = tensor(golden, type);
        float[] part = new float[256];
        tensor.decode(1, 256, 256, part, 0);

        int from = golden.get("columns").intValue() + 256;
        assertThat(part).isEqualTo(Arrays.copyOfRange(floats(golden), from, from + 256));
    }

    @Test
    void everyEncodingHasAGolden() throws IOException {
        List<String> types = new ArrayList<>();
        goldens().forEach(one -> types.add(one.get("type").textValue()));

        assertThat(types).containsExactlyInAnyOrderElementsOf(Arrays.stream(TensorType.values()).map(Enum::name).toList());
    }

    private static EncodedTensor tensor(JsonNode golden, TensorType type) throws IOException {
        byte[] data = golden.get("data").binaryValue();
        List<Long> dimensions = List.of(golden.get("columns").longValue(), golden.get("rows").longValue());
        return new EncodedTensor("golden", type, dimensions, MemorySegment.ofArray(data));
    }

    private static float[] floats(JsonNode golden) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(golden.get("floats").textValue())).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    private static JsonNode golden(TensorType type) throws IOException {
        for (JsonNode one : goldens()) {
            if (one.get("type").textValue().equals(type.name())) {
                return one;
            }
        }
        throw new AssertionError("no golden of " + type);
    }

    private static JsonNode goldens() throws IOException {
        try (InputStream in = DequantizerTest.class.getResourceAsStream("quants.json")) {
            return new ObjectMapper().readTree(in).get("cases");
        }
    }
}
