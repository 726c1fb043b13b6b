package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.List;

/** Forms {@code fp32} and {@code fp16}: everything dequantised. */
public final class FloatWeights implements DecoderWeights {
    private static final String TABLE = "embedding";

    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final ElementType type;

    /** @param type FLOAT or FLOAT16 */
    public FloatWeights(OnnxGraph graph, WeightWriter writer, ElementType type) {
        this.graph = graph;
        this.writer = writer;
        this.type = type;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public String embed(WeightMatrix table, String ids) throws IOException {
        return graph.node("Gather", List.of(store(TABLE, table), ids));
    }

    @Override
    public String project(String name, String input, WeightMatrix matrix) throws IOException {
        String weights = graph.weights(name, type, writer.transposed(type, matrix), matrix.columns(), matrix.rows());
        return graph.node("MatMul", List.of(input, weights));
    }

    @Override
    public String feedForward(String block, String input, FeedForward parts) throws IOException {
        return parts.stacked(graph, this, block, input);
    }

    @Override
    public String head(String input, WeightMatrix matrix, boolean tied) throws IOException {
        String weights = tied ? TABLE : store("head", matrix);
        return graph.node("Gemm", List.of(input, weights), Attribute.of("transB", 1));
    }

    private String store(String name, WeightMatrix matrix) throws IOException {
        return graph.weights(name, type, writer.matrix(type, matrix), matrix.rows(), matrix.columns());
    }
}
