package dev.candor.inference.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.hub.testing.MutatedBytes;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.openai.ApiException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferRequestReaderTest {
    private static final String HEAD = """
            {"id":"a","parameters":{"timeout":5,"binary_data_output":true,"verification":"none"},"inputs":[
            {"name":"x","datatype":"INT16","shape":[2],"parameters":{"binary_data_size":4}},
            {"name":"y","datatype":"BYTES","shape":[1,2],"data":[["a","\\u00fc"]]},
            {"name":"z","datatype":"FP64","shape":[1],"data":[1.5e300]}],
            "outputs":[{"name":"o","parameters":{"binary_data":false}},{"name":"p"}]}""";

    private final InferRequestReader reader = new InferRequestReader();

    @Test
    void readsHeadJsonAndBinaryTensors() throws Exception {
        byte[] head = HEAD.getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + 4);
        body[head.length] = 7;
        InferRequest request = reader.read(body, OptionalLong.of(head.length));

        assertThat(request.id()).contains("a");
        assertThat(request.timeout()).hasValue(5);
        assertThat(request.verification()).contains("none");
        assertThat(request.inputs()).extracting(Tensor::name).containsExactly("x", "y", "z");
        assertThat(request.inputs().get(0).data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 0, 0, 0);
        assertThat(request.inputs().get(1).data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 0, 0, 0, 'a', 2, 0, 0, 0, 0xc3, 0xbc);
        assertThat(request.outputs()).containsExactly(new InferRequest.Output("o", false), new InferRequest.Output("p", true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "INT8 | -128,127 | 807f", "UINT8 | 0,255 | 00ff", "UINT16 | 65535 | ffff", "UINT32 | 4294967295 | ffffffff",
        "UINT64 | 18446744073709551615 | ffffffffffffffff", "INT64 | -9223372036854775808 | 0000000000000080", "BOOL | true,0 | 0100",
        "FP16 | 1.5,\"Infinity\" | 003e007c", "BF16 | 1.00390625 | 803f", "BF16 | 1.01171875 | 823f", "FP32 | 1e-45 | 01000000",
        "FP16 | 65519 | ff7b", "FP32 | 3.4028235e38,\"-Infinity\" | ffff7f7f000080ff"
    })
    void readsNumbersToTheBit(String type, String data, String hex) throws Exception {
        Tensor tensor = one(type, data.split(",").length, data).inputs().getFirst();

        assertThat(HexFormat.of().formatHex(tensor.data().toArray(ValueLayout.JAVA_BYTE))).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "INT8 | 128", "UINT8 | -1", "UINT64 | 18446744073709551616", "INT64 | 9223372036854775808", "INT32 | 1.0", "BOOL | 2", "FP32 | \"1\"", "BYTES | 1",
        "FP32 | null", "FP32 | {}", "INT8 | \"NaN\"", "FP16 | 65520", "BF16 | 3.4e38", "FP32 | 1e39", "FP32 | -1e39", "FP64 | 1e400"
    })
    void refusesWhatIsNoNumberOfTheType(String type, String data) {
        assertThatThrownBy(() -> one(type, 1, data)).isInstanceOf(ApiException.class).hasMessageContaining("which is no " + type);
    }

    @Test
    void saysOfAWordThatItIsNoNumber() {
        assertThatThrownBy(() -> one("FP32", 1, "NaN")).hasMessage("The body is not valid JSON: NaN is no JSON number");
    }

    @Test
    void whatItWritesItReadsAgain() throws Exception {
        byte[] bits = new byte[48];
        new Random(3).nextBytes(bits);
        for (Datatype type : Datatype.values()) {
            if (type == Datatype.BYTES || type == Datatype.BOOL) {
                continue;
            }
            Tensor tensor = new Tensor("t", type, List.of(48L / type.width()), MemorySegment.ofArray(bits));
            InferAnswerWriter.Head head = new InferAnswerWriter.Head("m", "1", Optional.empty(), Map.of());
            String answer = new String(new InferAnswerWriter().write(head, List.of(tensor), Set.of()).body(), StandardCharsets.UTF_8);
            Tensor again = reader.read(answer.replace("\"outputs\"", "\"inputs\"").getBytes(StandardCharsets.UTF_8), OptionalLong.empty()).inputs().getFirst();

            String rewritten = new String(new InferAnswerWriter().write(head, List.of(again), Set.of()).body(), StandardCharsets.UTF_8);
            assertThat(rewritten).as(type.name()).isEqualTo(answer);
        }
    }

    @Test
    void refusesLengthsThatLie() {
        byte[] head = HEAD.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> reader.read(head, OptionalLong.of(head.length))).hasMessageContaining("binary_data_size' is 4, but 0 bytes are left");
        assertThatThrownBy(() -> reader.read(head, OptionalLong.of(head.length + 1))).hasMessageContaining("the body has " + head.length + " bytes");
        assertThatThrownBy(() -> reader.read(head, OptionalLong.of(-1))).hasMessageContaining("Inference-Header-Content-Length is -1");
        assertThatThrownBy(() -> reader.read(Arrays.copyOf(head, head.length + 5), OptionalLong.of(head.length))).hasMessageContaining("1 bytes more than its inputs name");
    }

    @Test
    void mutatedBodiesAreReadOrRefused() {
        byte[] head = HEAD.getBytes(StandardCharsets.UTF_8);
        byte[] good = Arrays.copyOf(head, head.length + 4);
        for (byte[] bad : new MutatedBytes(good, 1_000, 5)) {
            readOrRefuse(bad, OptionalLong.of(head.length));
            readOrRefuse(bad, OptionalLong.empty());
        }
    }

    @FuzzTest
    void anyBodyIsReadOrRefused(byte[] body) {
        readOrRefuse(body, OptionalLong.empty());
        readOrRefuse(body, OptionalLong.of(body.length / 2));
    }

    private void readOrRefuse(byte[] body, OptionalLong jsonBytes) {
        try {
            assertThat(reader.read(body, jsonBytes).inputs()).hasSizeLessThanOrEqualTo(InferRequestReader.MAX_TENSORS);
        } catch (ApiException e) {
            assertThat(e.error().status()).isBetween(400, 499);
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private InferRequest one(String type, int elements, String data) throws ApiException {
        String body = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + type + "\",\"shape\":[" + elements + "],\"data\":[" + data + "]}]}";
        return reader.read(body.getBytes(StandardCharsets.UTF_8), OptionalLong.empty());
    }
}
