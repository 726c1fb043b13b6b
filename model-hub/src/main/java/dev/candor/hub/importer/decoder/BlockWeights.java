package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Forms {@code q8} and {@code q4}: blocks of 32 of 8 or 4 bits in the layers, embedding and head always 8-bit symmetric; a tied head reads the very
 * bytes of the embedding.
 */
public final class BlockWeights implements DecoderWeights {
    private static final String TABLE = "embedding";

    private final OnnxGraph graph;
    private final ElementType type;
    private final boolean four;
    private final EightBitBlocks eightBit;
    private final FourBitBlocks fourBit;
    private QuantizedBlocks table;

    private BlockWeights(OnnxGraph graph, WeightWriter writer, ElementType type, boolean four) {
        this.graph = graph;
        this.type = type;
        this.four = four;
        this.eightBit = new EightBitBlocks(writer, type);
        this.fourBit = new FourBitBlocks(writer, type);
    }

    /** @param type of activations and scales, FLOAT or FLOAT16 */
    public static BlockWeights eightBit(OnnxGraph graph, WeightWriter writer, ElementType type) {
        return new BlockWeights(graph, writer, type, false);
    }

    /** @param type of activations and scales, FLOAT or FLOAT16 */
    public static BlockWeights fourBit(OnnxGraph graph, WeightWriter writer, ElementType type) {
        return new BlockWeights(graph, writer, type, true);
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public String embed(WeightMatrix matrix, String ids) throws IOException {
        return embed(matrix, eightBit.write(matrix), ids);
    }

    @Override
    public String project(String name, String input, WeightMatrix matrix) throws IOException {
        return multiply(name, input, matrix, four ? fourBit.write(matrix) : eightBit.write(matrix));
    }

    @Override
    public String feedForward(String block, String input, FeedForward parts) throws IOException {
        return parts.stacked(graph, this, block, input);
    }

    @Override
    public String head(String input, WeightMatrix matrix, boolean tied) throws IOException {
        return multiply("head", input, matrix, tied ? table : eightBit.write(matrix));
    }

    /** GatherBlockQuantized of a table whose 8-bit {@code blocks} the head may use again. */
    String embed(WeightMatrix matrix, QuantizedBlocks blocks, String ids) {
        table = blocks;
        String quants = graph.weights(TABLE + ".quants", ElementType.UINT8, blocks.quants(), matrix.rows(), matrix.columns());
        String scales = graph.weights(TABLE + ".scales", type, blocks.scales(), matrix.rows(), matrix.columns() / blocks.block());
        return graph.node(
                OnnxGraph.MICROSOFT,
                "GatherBlockQuantized",
                List.of(quants, ids, scales),
                Attribute.of("bits", 8),
                Attribute.of("block_size", blocks.block()),
                Attribute.of("gather_axis", 0),
                Attribute.of("quantize_axis", 1));
    }

    /** MatMulNBits over {@code blocks}, activations in 8-bit blocks too (accuracy level 4). */
    String multiply(String name, String input, WeightMatrix matrix, QuantizedBlocks blocks) {
        int perRow = matrix.columns() / blocks.block();
        int blockBytes = blocks.block() * blocks.bits() / 8;
        List<String> inputs = new ArrayList<>(List.of(input));
        inputs.add(graph.weights(name + ".quants", ElementType.UINT8, blocks.quants(), matrix.rows(), perRow, blockBytes));
        inputs.add(graph.weights(name + ".scales", type, blocks.scales(), matrix.rows(), perRow));
        if (blocks.zeros().isPresent()) {
            inputs.add(graph.weights(name + ".zeros", ElementType.UINT8, blocks.zeros().get(), matrix.rows(), Math.ceilDiv(perRow, 2)));
        }
        return graph.node(
                OnnxGraph.MICROSOFT,
                "MatMulNBits",
                inputs,
                Attribute.of("K", matrix.columns()),
                Attribute.of("N", matrix.rows()),
                Attribute.of("bits", blocks.bits()),
                Attribute.of("block_size", blocks.block()),
                Attribute.of("accuracy_level", 4));
    }
}
