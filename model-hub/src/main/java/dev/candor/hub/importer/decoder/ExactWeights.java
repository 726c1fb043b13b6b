package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.BlockCodec;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.TensorType;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Form {@code q4exact}: the file's own quantised blocks, not rounded again. Encodings with minimums (Q4_1, Q5_1, Q4_K, Q5_K) are a symmetric product
 * plus the block sums of the input times the offsets that symmetry lacks. Embeddings must be Q8_0 or Q6_K, which have none.
 */
public final class ExactWeights implements DecoderWeights {
    private final OnnxGraph graph;
    private final ExactBlocks exact;
    private final BlockWeights blocks;
    private final Map<String, String> blockSums = new HashMap<>();

    public ExactWeights(OnnxGraph graph, WeightWriter writer) {
        this.graph = graph;
        this.exact = new ExactBlocks(writer);
        this.blocks = BlockWeights.eightBit(graph, writer, ElementType.FLOAT);
    }

    @Override
    public String embed(WeightMatrix table, String ids) throws IOException {
        if (table.type() != TensorType.Q8_0 && table.type() != TensorType.Q6_K) {
            throw new ImportException(
                    "form q4exact needs " + table.label() + " in Q8_0 or Q6_K, it is " + table.type() + "; use form q8");
        }
        return blocks.embed(table, exact.write(table, codec(table)), ids);
    }

    @Override
    public String project(String name, String input, WeightMatrix matrix) throws IOException {
        if (matrix.uniform()) {
            return product(name, input, matrix, 3);
        }
        List<String> outputs = new ArrayList<>();
        for (WeightMatrix.Part part : matrix.parts()) {
            outputs.add(product(name + "." + outputs.size(), input, WeightMatrix.of(part), 3));
        }
        return graph.node("Concat", outputs, Attribute.of("axis", -1));
    }

    @Override
    public String feedForward(String block, String input, FeedForward parts) throws IOException {
        return parts.stacked(graph, this, block, input);
    }

    @Override
    public String head(String input, WeightMatrix matrix, boolean tied) throws IOException {
        return tied ? blocks.head(input, matrix, true) : product("head", input, matrix, 2);
    }

    private String product(String name, String input, WeightMatrix matrix, int rank) throws IOException {
        BlockCodec codec = codec(matrix);
        String product = blocks.multiply(name, input, matrix, exact.write(matrix, codec));
        if (!codec.hasMinimum()) {
            return product;
        }
        int perRow = matrix.columns() / WeightWriter.BLOCK;
        String offsets = graph.weights(name + ".offsets", ElementType.FLOAT, exact.offsets(matrix, codec), perRow, matrix.rows());
        String offset = graph.node("MatMul", List.of(blockSums(input, perRow, rank), offsets));
        return graph.node("Add", List.of(product, offset));
    }

    private static BlockCodec codec(WeightMatrix matrix) throws ImportException {
        return BlockCodec.of(matrix.type()).orElseThrow(() -> new ImportException(
                "form q4exact needs " + matrix.label() + " in quantised blocks, it is " + matrix.type() + "; use form q8 or q4"));
    }

    private String blockSums(String input, int perRow, int rank) {
        return blockSums.computeIfAbsent(input, x -> {
            String shape = rank == 3
                    ? graph.constant("blocks3." + perRow, 0, 0, perRow, WeightWriter.BLOCK)
                    : graph.constant("blocks2." + perRow, 0, perRow, WeightWriter.BLOCK);
            String blocked = graph.node("Reshape", List.of(x, shape));
            return graph.node("ReduceSum", List.of(blocked, graph.constant("last", -1)), Attribute.of("keepdims", 0));
        });
    }
}
