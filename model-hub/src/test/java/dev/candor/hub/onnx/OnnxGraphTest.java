package dev.candor.hub.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxGraphTest {
    @TempDir
    Path temp;

    @Test
    void writesIrVersionOperatorSetsAndGraphName() throws IOException {
        OnnxGraph graph = new OnnxGraph("g");
        graph.input("x", ElementType.FLOAT, "N", 4);
        graph.output("y", ElementType.FLOAT, "N", 4);
        graph.node("", "Abs", List.of("x"), List.of("y"));
        byte[] model = graph.toBytes();

        assertThat(varints(model, 1)).containsExactly(10L);
        List<byte[]> operatorSets = messages(model, 8);
        assertThat(varints(operatorSets.get(0), 2)).containsExactly(20L);
        assertThat(texts(operatorSets.get(1), 1)).containsExactly("com.microsoft");
        byte[] written = messages(model, 7).getFirst();
        assertThat(texts(written, 2)).containsExactly("g");
        byte[] node = messages(written, 1).getFirst();
        assertThat(texts(node, 1)).containsExactly("x");
        assertThat(texts(node, 2)).containsExactly("y");
        assertThat(texts(node, 4)).containsExactly("Abs");
    }

    @Test
    void refersToWeightsByFileOffsetAndLength() throws IOException {
        Path file = temp.resolve("model.onnx.data");
        OnnxGraph graph = new OnnxGraph("g");
        ExternalData.Region second;
        try (ExternalData data = new ExternalData(file)) {
            data.write(data.reserve(1), 0, ByteBuffer.wrap(new byte[] {7}));
            second = data.reserve(8);
            try (RegionStream stream = data.stream(second)) {
                stream.put(ElementType.FLOAT, 1);
                stream.put(ElementType.FLOAT, 2);
            }
        }
        graph.weights("w", ElementType.FLOAT, second, 2, 1);
        byte[] tensor = messages(messages(graph.toBytes(), 7).getFirst(), 5).getFirst();

        assertThat(second).isEqualTo(new ExternalData.Region("model.onnx.data", 4096, 8));
        assertThat(varints(tensor, 1)).containsExactly(2L, 1L);
        assertThat(varints(tensor, 14)).containsExactly(1L);
        assertThat(messages(tensor, 13).stream().map(entry -> text(entry, 1) + "=" + text(entry, 2)))
                .containsExactly("location=model.onnx.data", "offset=4096", "length=8");
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(4104).startsWith(7, 0).endsWith(0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40);
    }

    @Test
    void refusesWeightsWhoseLengthDoesNotFitTheirShape() {
        OnnxGraph graph = new OnnxGraph("g");
        assertThatThrownBy(() -> graph.weights("w", ElementType.FLOAT, new ExternalData.Region("f", 0, 8), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w has 8 bytes, its shape needs 12");
    }

    @Test
    void refusesValuesUsedBeforeTheyAreDefinedOrDefinedTwice() {
        OnnxGraph graph = new OnnxGraph("g");
        graph.input("x", ElementType.FLOAT);
        assertThatThrownBy(() -> graph.node("Abs", List.of("z"))).hasMessageContaining("reads z");
        assertThatThrownBy(() -> graph.input("x", ElementType.FLOAT)).hasMessageContaining("already");
        graph.output("y", ElementType.FLOAT);
        assertThatThrownBy(graph::toBytes).isInstanceOf(IllegalStateException.class).hasMessageContaining("y");
    }

    @Test
    void severalLargeWeightsAreFilledAtOnce() throws IOException {
        Path file = temp.resolve("w");
        byte[] large = new byte[3 << 20];
        Arrays.fill(large, (byte) 5);
        try (ExternalData data = new ExternalData(file);
                RegionStream first = data.stream(data.reserve(large.length));
                RegionStream second = data.stream(data.reserve(4))) {
            second.put(ElementType.FLOAT16, 1);
            first.put(large);
            second.put(ElementType.UINT8, 200);
            second.put(ElementType.INT8, -2);
        }
        assertThat(Files.readAllBytes(file)).hasSize(large.length + 4).startsWith(large).endsWith(0, 0x3c, (byte) 200, -2);
        assertThatThrownBy(() -> new ExternalData(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void weightsOfAnotherLengthThanReservedAreRefused() throws IOException {
        try (ExternalData data = new ExternalData(temp.resolve("w"))) {
            ExternalData.Region region = data.reserve(8);
            RegionStream half = data.stream(region);
            half.put(ElementType.FLOAT, 1);
            assertThatThrownBy(half::close).isInstanceOf(IOException.class).hasMessageContaining("a tensor of 8 bytes got 4");
            RegionStream more = data.stream(region);
            more.put(new byte[9]);
            assertThatThrownBy(more::close).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("bytes 0 to 9 of a tensor of 8");
        }
    }

    private static List<Long> varints(byte[] message, int field) throws IOException {
        List<Long> found = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == field && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                found.add(in.readInt64());
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    private static List<byte[]> messages(byte[] message, int field) throws IOException {
        List<byte[]> found = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == field) {
                found.add(in.readByteArray());
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    private static List<String> texts(byte[] message, int field) throws IOException {
        return messages(message, field).stream().map(String::new).toList();
    }

    private static String text(byte[] message, int field) {
        try {
            return texts(message, field).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
