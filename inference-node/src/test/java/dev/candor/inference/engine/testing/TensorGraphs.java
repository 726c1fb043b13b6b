package dev.candor.inference.engine.testing;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tiny graphs of tensors. */
public final class TensorGraphs {
    private TensorGraphs() {}

    /** {@code y = x}, any shape of two dimensions. */
    public static Path identity(Path folder, ElementType type) throws IOException {
        OnnxGraph graph = new OnnxGraph("identity");
        graph.input("x", type, "N", "M");
        graph.output("y", type, "N", "M");
        graph.node("", "Identity", List.of("x"), List.of("y"));
        return write(folder, graph);
    }

    /** {@code sum = a + b} and {@code product = a * b}, of FP32 {@code [N, 3]}. */
    public static Path arithmetic(Path folder) throws IOException {
        OnnxGraph graph = new OnnxGraph("arithmetic");
        graph.input("a", ElementType.FLOAT, "N", 3);
        graph.input("b", ElementType.FLOAT, "N", 3);
        graph.output("sum", ElementType.FLOAT, "N", 3);
        graph.output("product", ElementType.FLOAT, "N", 3);
        graph.node("", "Add", List.of("a", "b"), List.of("sum"));
        graph.node("", "Mul", List.of("a", "b"), List.of("product"));
        return write(folder, graph);
    }

    /** {@code y}: an INT64 tensor of the shape given in INT64 {@code shape}, all zero. */
    public static Path zeros(Path folder) throws IOException {
        OnnxGraph graph = new OnnxGraph("zeros");
        graph.input("shape", ElementType.INT64, "R");
        graph.output("y", ElementType.INT64, "A", "B");
        graph.node("", "ConstantOfShape", List.of("shape"), List.of("y"), new Attribute.TensorValue("value",
                new Initializer("", ElementType.INT64, List.of(1L), new Initializer.Raw(MemorySegment.ofArray(new byte[8])))));
        return write(folder, graph);
    }

    /** {@code y}: what {@code x} is after so many additions of 1 as INT64 {@code times} says; endless for all that matters where that is huge. */
    public static Path loop(Path folder) throws IOException {
        GraphValue.Tensor number = new GraphValue.Tensor(ElementType.FLOAT, Optional.of(List.of()));
        Initializer one = new Initializer("one", ElementType.FLOAT, List.of(),
                new Initializer.Raw(MemorySegment.ofArray(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array())));
        ModelGraph body = new ModelGraph(
                "body",
                List.of(GraphNode.of("again", "", "Identity", List.of("go"), List.of("on")),
                        GraphNode.of("more", "", "Add", List.of("before", "one"), List.of("after"))),
                List.of(one),
                List.of(new GraphValue("i", new GraphValue.Tensor(ElementType.INT64, Optional.of(List.of()))),
                        new GraphValue("go", new GraphValue.Tensor(ElementType.BOOL, Optional.of(List.of()))),
                        new GraphValue("before", number)),
                List.of(new GraphValue("on", new GraphValue.Tensor(ElementType.BOOL, Optional.of(List.of()))), new GraphValue("after", number)),
                List.of(),
                List.of());
        OnnxGraph graph = new OnnxGraph("loop");
        graph.input("times", ElementType.INT64);
        graph.input("x", ElementType.FLOAT);
        graph.output("y", ElementType.FLOAT);
        graph.node("", "Loop", List.of("times", "", "x"), List.of("y"), new Attribute.Subgraph("body", body));
        return write(folder, graph);
    }

    /** A graph with one node. */
    public static Path one(Path folder, String domain, String operator, ElementType type) throws IOException {
        OnnxGraph graph = new OnnxGraph("one");
        graph.input("x", type, "N");
        graph.output("y", type, "N");
        graph.node(domain, operator, List.of("x"), List.of("y"));
        return write(folder, graph);
    }

    private static Path write(Path folder, OnnxGraph graph) throws IOException {
        return Files.write(folder.resolve("model.onnx"), graph.toBytes());
    }
}
