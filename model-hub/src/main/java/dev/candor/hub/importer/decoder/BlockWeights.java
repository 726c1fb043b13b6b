package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.List;

/** Form {@code q8}: 8-bit symmetric blocks of 32 everywhere; a tied head reads the very bytes of the embedding. */
public final class BlockWeights implements DecoderWeights {
    private static final String TABLE = "embedding";

    private final OnnxGraph graph;
    private final WeightWriter writer;
    private WeightWriter.Blocks table;

    public BlockWeights(OnnxGraph graph, WeightWriter writer) {
        this.graph = graph;
        this.writer = writer;
    }

    @Override
    public String embed(WeightMatrix matrix, String ids) throws IOException {
        table = writer.eightBit(matrix);
        int blocks = matrix.columns() / WeightWriter.BLOCK;
        String quants = graph.weights(TABLE + ".quants", ElementType.UINT8, table.quants(), matrix.rows(), matrix.columns());
        String scales = graph.weights(TABLE + ".scales", ElementType.FLOAT, table.scales(), matrix.rows(), blocks);
        return graph.node(
                OnnxGraph.MICROSOFT,
                "GatherBlockQuantized",
                List.of(quants, ids, scales),
                Attribute.of("bits", 8),
                Attribute.of("block_size", WeightWriter.BLOCK),
                Attribute.of("gather_axis", 0),
                Attribute.of("quantize_axis", 1));
    }

    @Override
    public String project(String name, String input, WeightMatrix matrix) throws IOException {
        return multiply(name, input, matrix, writer.eightBit(matrix), 8);
    }

    @Override
    public String head(String input, WeightMatrix matrix, boolean tied) throws IOException {
        return multiply("head", input, matrix, tied ? table : writer.eightBit(matrix), 8);
    }

    /** MatMulNBits over {@code blocks} of {@code bits} a weight: symmetric, activations in 8-bit blocks too (accuracy level 4). */
    String multiply(String name, String input, WeightMatrix matrix, WeightWriter.Blocks blocks, int bits) {
        int perRow = matrix.columns() / WeightWriter.BLOCK;
        int blockBytes = WeightWriter.BLOCK * bits / 8;
        String quants = graph.weights(name + ".quants", ElementType.UINT8, blocks.quants(), matrix.rows(), perRow, blockBytes);
        String scales = graph.weights(name + ".scales", ElementType.FLOAT, blocks.scales(), matrix.rows(), perRow);
        return graph.node(
                OnnxGraph.MICROSOFT,
                "MatMulNBits",
                List.of(input, quants, scales),
                Attribute.of("K", matrix.columns()),
                Attribute.of("N", matrix.rows()),
                Attribute.of("bits", bits),
                Attribute.of("block_size", WeightWriter.BLOCK),
                Attribute.of("accuracy_level", 4));
    }
}
