package dev.candor.hub.importer.decoder;

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
 * Form {@code q4exact}: the file's own quantised blocks, not rounded again. Q4_1 is a symmetric 4-bit product plus the block sums of the input times the
 * offsets that symmetry lacks.
 */
public final class ExactWeights implements DecoderWeights {
    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final BlockWeights blocks;
    private final Map<String, String> blockSums = new HashMap<>();

    public ExactWeights(OnnxGraph graph, WeightWriter writer) {
        this.graph = graph;
        this.writer = writer;
        this.blocks = new BlockWeights(graph, writer);
    }

    @Override
    public String embed(WeightMatrix table, String ids) throws IOException {
        if (table.type() != TensorType.Q8_0) {
            throw new ImportException("form q4exact needs " + table.label() + " in Q8_0, it is " + table.type() + "; use form q8");
        }
        return blocks.embed(table, ids);
    }

    @Override
    public String project(String name, String input, WeightMatrix matrix) throws IOException {
        if (matrix.uniform()) {
            return exact(name, input, matrix, 3);
        }
        List<String> outputs = new ArrayList<>();
        for (WeightMatrix.Part part : matrix.parts()) {
            outputs.add(exact(name + "." + outputs.size(), input, new WeightMatrix(List.of(part)), 3));
        }
        return graph.node("Concat", outputs, Attribute.of("axis", -1));
    }

    @Override
    public String head(String input, WeightMatrix matrix, boolean tied) throws IOException {
        return tied ? blocks.head(input, matrix, true) : exact("head", input, matrix, 2);
    }

    private String exact(String name, String input, WeightMatrix matrix, int rank) throws IOException {
        return switch (matrix.type()) {
            case Q8_0 -> blocks.multiply(name, input, matrix, writer.eightBit(matrix), 8);
            case Q4_0 -> blocks.multiply(name, input, matrix, writer.fourBit(matrix), 4);
            case Q4_1 -> {
                String product = blocks.multiply(name, input, matrix, writer.fourBit(matrix), 4);
                int perRow = matrix.columns() / WeightWriter.BLOCK;
                String offsets = graph.weights(name + ".offsets", ElementType.FLOAT, writer.offsets(matrix), perRow, matrix.rows());
                String offset = graph.node("MatMul", List.of(blockSums(input, perRow, rank), offsets));
                yield graph.node("Add", List.of(product, offset));
            }
            default -> throw new ImportException("form q4exact needs " + matrix.label() + " in Q4_0, Q4_1 or Q8_0, it is " + matrix.type()
                    + "; use form q8");
        };
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
