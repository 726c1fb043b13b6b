package dev.candor.hub.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.hub.testing.MutatedBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
    @TempDir
    Path temp;

    @Test
    void readsOpsetsNodesInputsOutputsAndConstants() throws IOException {
        OnnxModel model = read(small());

        assertThat(model.irVersion()).isEqualTo(10);
        assertThat(model.producer()).isEqualTo("candor");
        assertThat(model.opsets()).isEqualTo(Map.of("", 20L, "com.microsoft", 1L));
        ModelGraph graph = model.graph();
        assertThat(graph.inputs()).containsExactly(new GraphValue("x", new GraphValue.Tensor(
                ElementType.FLOAT, Optional.of(List.of(new GraphValue.Dimension(-1, "N"), new GraphValue.Dimension(4, ""))))));
        assertThat(graph.outputs()).extracting(GraphValue::name).containsExactly("y");
        assertThat(graph.nodes()).extracting(GraphNode::operator).containsExactly("Reshape", "Gelu");
        assertThat(graph.nodes().get(0).attribute("allowzero")).contains(Attribute.of("allowzero", 1));
        Initializer shape = graph.initializers().getFirst();
        assertThat(shape.type()).isEqualTo(ElementType.INT64);
        assertThat(((Initializer.Raw) shape.content()).bytes().toArray(ValueLayout.JAVA_LONG_UNALIGNED)).containsExactly(-1, 4);
        assertThat(OperatorCount.of(model)).containsExactly(Map.entry("Reshape", 1), Map.entry("com.microsoft:Gelu", 1));
    }

    @Test
    void whatIsWrittenReadsTheSameAgain() throws IOException {
        OnnxModel model = read(everyKind());
        ByteArrayOutputStream once = new ByteArrayOutputStream();
        model.write(once);
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        read(once.toByteArray()).write(twice);

        assertThat(twice.toByteArray()).isEqualTo(once.toByteArray());
        assertThat(read(once.toByteArray()).graph().nodes().getFirst().attributes().subList(0, 6))
                .isEqualTo(model.graph().nodes().getFirst().attributes().subList(0, 6));
    }

    @Test
    void carriesFieldsItDoesNotKnowThroughARewrite() throws IOException {
        byte[] bytes = concat(small(), new ProtoMessage().text(6, "a note of the author").integer(99, 7).toBytes());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        read(bytes).write(out);

        assertThat(out.toString(java.nio.charset.StandardCharsets.ISO_8859_1)).contains("a note of the author");
    }

    @Test
    void numbersOutsideRawDataReadLikeRawOnes() throws IOException {
        ProtoMessage halves = new ProtoMessage().integer(1, 2).integer(2, ElementType.FLOAT16.code()).bytes(5, new byte[] {(byte) 0x80, 0x78, 0}).text(8, "h");
        ProtoMessage bytes = new ProtoMessage().integer(1, 3).integer(2, ElementType.INT8.code()).bytes(5, new byte[] {1, 2, 3}).text(8, "b");
        ProtoMessage longs = new ProtoMessage().integer(2, ElementType.INT64.code()).integer(7, 300).text(8, "l");
        OnnxModel model = read(model(new ProtoMessage().message(5, halves).message(5, bytes).message(5, longs)));

        assertThat(raw(model, 0)).containsExactly(0, 0x3c, 0, 0);
        assertThat(raw(model, 1)).containsExactly(1, 2, 3);
        assertThat(raw(model, 2)).containsExactly(44, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void refusesShapesThatDoNotFitTheirBytes() {
        assertRefused(model(new ProtoMessage().message(5, new ProtoMessage().integer(1, 3).integer(2, 1).bytes(9, new byte[8]).text(8, "w"))),
                "tensor w has 8 bytes, its shape needs 12");
        assertRefused(model(new ProtoMessage().message(5, new ProtoMessage().integer(1, 1L << 40).integer(1, 1L << 40).integer(2, 1).text(8, "w"))),
                "tensor w has the impossible shape");
        assertRefused(model(new ProtoMessage().message(5, new ProtoMessage().integer(1, -1).integer(2, 1).text(8, "w"))), "impossible shape [-1]");
        assertRefused(model(new ProtoMessage().message(5, new ProtoMessage().integer(2, 77).text(8, "w"))), "tensor w has the unknown element type number 77");
    }

    @Test
    void refusesWhatIsNoModel() {
        assertRefused(new byte[0], "this is no ONNX model: it has no graph");
        assertRefused("GGUF, not ONNX".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "the model");
        assertRefused(new ProtoMessage().message(7, new ProtoMessage()).toBytes(), "it has no IR version");
        assertRefused(concat(small(), small()), "two graphs");
        assertRefused(Arrays.copyOf(small(), small().length - 3), "is cut short");
    }

    @Test
    void refusesGraphsNestedTooDeeply() {
        ProtoMessage graph = new ProtoMessage();
        for (int i = 0; i < ReadBudget.MAX_NESTING; i++) {
            ProtoMessage attribute = new ProtoMessage().text(1, "body").message(6, graph).integer(20, 5);
            graph = new ProtoMessage().message(1, new ProtoMessage().text(4, "Loop").message(5, attribute));
        }
        assertRefused(model(graph), "more than 16 graphs within one another");
    }

    @Test
    void acceptsExternalWeightsWithinTheFolder() throws IOException {
        Files.write(temp.resolve("w.bin"), new byte[24]);

        assertThat(ExternalFiles.check(read(external("w.bin", 16, 8)), temp)).containsExactly("w.bin");
    }

    @Test
    void refusesExternalWeightsOutsideTheFolderOrTheirFile() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("model"));
        Files.write(folder.resolve("w.bin"), new byte[20]);
        Files.write(temp.resolve("secret"), new byte[64]);
        Files.createSymbolicLink(folder.resolve("link"), temp.resolve("secret"));

        assertFilesRefused(folder, external("../secret", 0, 8), "not a plain path within the model's folder");
        assertFilesRefused(folder, external(temp.resolve("secret").toString(), 0, 8), "not a plain path within the model's folder");
        assertFilesRefused(folder, external("link", 0, 8), "which is a symbolic link");
        assertFilesRefused(folder, external("absent", 0, 8), "which is not beside the model");
        assertFilesRefused(folder, external("w.bin", 16, 8), "lies at bytes 16 to 24 of w.bin, which has 20");
        assertFilesRefused(folder, external("w.bin", Long.MAX_VALUE, 8), "w.bin, which has 20");
        assertRefused(external("w.bin", 0, 9), "tensor w has 9 bytes in w.bin, its shape needs 8");
        assertRefused(external("w.bin", -1, 8), "tensor w has the negative offset -1");
    }

    @Test
    void damagedFilesAreReadOrRefused() {
        new MutatedBytes(everyKind(), 3_000, 4).forEach(OnnxModelTest::readAnything);
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] bytes) {
        readAnything(bytes);
    }

    private static void readAnything(byte[] bytes) {
        try {
            OnnxModel model = read(bytes);
            OperatorCount.of(model);
            model.write(new ByteArrayOutputStream());
        } catch (IOException e) {
            assertThat(e).isInstanceOf(OnnxException.class);
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static byte[] small() {
        OnnxGraph graph = new OnnxGraph("g");
        graph.input("x", ElementType.FLOAT, "N", 4);
        graph.output("y", ElementType.FLOAT, "N", 4);
        String reshaped = graph.node("Reshape", List.of("x", graph.constant("shape", -1, 4)), Attribute.of("allowzero", 1));
        graph.node(OnnxGraph.MICROSOFT, "Gelu", List.of(reshaped), List.of("y"));
        return graph.toBytes();
    }

    private static byte[] everyKind() {
        Initializer tensor = new Initializer("", ElementType.UINT8, List.of(3L), new Initializer.Raw(MemorySegment.ofArray(new byte[] {1, 2, 3})));
        Initializer texts = new Initializer("t", ElementType.STRING, List.of(1L), new Initializer.Texts(List.of(MemorySegment.ofArray(new byte[] {-1}))));
        Initializer outside = new Initializer("o", ElementType.FLOAT, List.of(2L), new Initializer.External(new ExternalData.Region("w.bin", 0, 8)));
        GraphNode inner = GraphNode.of("inner", "", "Identity", List.of("t"), List.of("u"));
        ModelGraph branch = new ModelGraph("branch", List.of(inner), List.of(), List.of(), List.of(), List.of(), List.of());
        GraphNode node = GraphNode.of("n", "dev.candor", "Own", List.of("x", "", "t"), List.of("y"),
                Attribute.of("whole", -5), Attribute.of("real", 0.5f), Attribute.of("text", "é"), new Attribute.Wholes("wholes", List.of(1L, -2L)),
                new Attribute.Reals("reals", List.of(1f)), new Attribute.Texts("texts", List.of("a", "")),
                new Attribute.TensorValue("tensor", tensor), new Attribute.Subgraph("graph", branch),
                new Attribute.Unread("type", MemorySegment.ofArray(new ProtoMessage().text(1, "type").integer(20, 13).toBytes())));
        GraphValue x = new GraphValue("x", new GraphValue.Tensor(ElementType.BOOL, Optional.empty()));
        GraphValue y = new GraphValue("y", new GraphValue.Other("sequence",
                MemorySegment.ofArray(new ProtoMessage().message(4, new ProtoMessage()).toBytes())));
        ModelGraph graph = new ModelGraph("g", List.of(node), List.of(texts, outside), List.of(x), List.of(y), List.of(), List.of());
        LocalFunction function = new LocalFunction("dev.candor", "Own", List.of(), MemorySegment.ofArray(new ProtoMessage()
                .text(1, "Own").message(7, new ProtoMessage().text(4, "Abs")).text(10, "dev.candor").toBytes()));
        OnnxModel model = new OnnxModel(9, "p", "1", Map.of("", 17L), graph, Map.of("k", "v"), List.of(function), List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            model.write(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] external(String location, long offset, long length) {
        ProtoMessage tensor = new ProtoMessage().integer(1, 2).integer(2, 1).text(8, "w").integer(14, 1)
                .message(13, new ProtoMessage().text(1, "location").text(2, location))
                .message(13, new ProtoMessage().text(1, "offset").text(2, String.valueOf(offset)))
                .message(13, new ProtoMessage().text(1, "length").text(2, String.valueOf(length)));
        return model(new ProtoMessage().message(5, tensor));
    }

    private static byte[] model(ProtoMessage graph) {
        return new ProtoMessage().integer(1, 8).message(7, graph).toBytes();
    }

    private static OnnxModel read(byte[] bytes) throws OnnxException {
        return OnnxModel.read(MemorySegment.ofArray(bytes));
    }

    private static byte[] raw(OnnxModel model, int initializer) {
        return ((Initializer.Raw) model.graph().initializers().get(initializer).content()).bytes().toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(OnnxException.class).hasMessageContaining(message);
    }

    private static void assertFilesRefused(Path folder, byte[] bytes, String message) {
        assertThatThrownBy(() -> ExternalFiles.check(read(bytes), folder)).isInstanceOf(OnnxException.class).hasMessageContaining(message);
    }
}
