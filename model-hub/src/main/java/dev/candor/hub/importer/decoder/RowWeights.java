package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.List;

/**
 * Form {@code w8a8}: 8-bit weights with one scale a row of the matrix, and 8-bit activations with one scale a token, so that a token's results do not
 * depend on the others of its batch. Embedding and head are those of {@code q8}. Activations are unsigned with zero point 128: signed ones are more
 * than twenty times slower on the CPU.
 */
public final class RowWeights implements DecoderWeights {
    private static final float SMALLEST = 1e-12f;

    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final BlockWeights blocks;
    private String zeroPoints;

    public RowWeights(OnnxGraph graph, WeightWriter writer) {
        this.graph = graph;
        this.writer = writer;
        this.blocks = BlockWeights.eightBit(graph, writer, ElementType.FLOAT);
    }

    @Override
    public boolean flat() {
        return true;
    }

    @Override
    public String embed(WeightMatrix table, String ids) throws IOException {
        return blocks.embed(table, ids);
    }

    @Override
    public String head(String input, WeightMatrix matrix, boolean tied) throws IOException {
        return blocks.head(input, matrix, tied);
    }

    /**
     * Gate and up are two products of the same quantised input. The scale that each token's {@code up} still lacks goes past the next rounding, which
     * does not depend on it, into the scale of {@code down}: one pass less over the widest activations, and none to split them.
     */
    @Override
    public String feedForward(String block, String input, FeedForward parts) throws IOException {
        Quantised quantised = quantise(input);
        String gate = scaled(product(block + "ffn_gate", quantised, WeightMatrix.of(parts.gate())), quantised.scales());
        String up = product(block + "ffn_up", quantised, WeightMatrix.of(parts.up()));
        Quantised gated = quantise(graph.node("Mul", List.of(parts.activation().apply(gate), up)));
        String scales = graph.node("Mul", List.of(gated.scales(), quantised.scales()));
        return scaled(product(block + "ffn_down", gated, WeightMatrix.of(parts.down())), scales);
    }

    @Override
    public String project(String name, String input, WeightMatrix matrix) throws IOException {
        Quantised quantised = quantise(input);
        return scaled(product(name, quantised, matrix), quantised.scales());
    }

    /** Activations as unsigned 8-bit numbers [tokens,width], and a scale for each token. */
    private record Quantised(String values, String scales) {}

    private Quantised quantise(String input) {
        String scales = inputScales(input);
        List<String> inputs = List.of(input, scales, zeroPoints(scales));
        return new Quantised(graph.node("QuantizeLinear", inputs, Attribute.of("axis", 0)), scales);
    }

    /** The product that lacks the tokens' scales. */
    private String product(String name, Quantised input, WeightMatrix matrix) throws IOException {
        float[] scales = scales(matrix);
        String weights = graph.weights(name, ElementType.INT8, quants(matrix, scales), matrix.columns(), matrix.rows());
        String weightScales =
                graph.weights(name + ".scales", ElementType.FLOAT, writer.vector(ElementType.FLOAT, scales), scales.length);
        return graph.node(
                OnnxGraph.MICROSOFT,
                "MatMulIntegerToFloat",
                List.of(input.values(), weights, graph.scalar("one", ElementType.FLOAT, 1), weightScales, middle()));
    }

    private String scaled(String product, String scales) {
        String column = graph.node("Unsqueeze", List.of(scales, graph.constant("last", -1)));
        return graph.node("Mul", List.of(product, column));
    }

    /** The largest magnitude of each token's activations over 127, [tokens]. */
    private String inputScales(String input) {
        String magnitudes = graph.node("Abs", List.of(input));
        String largest = graph.node("ReduceMax", List.of(magnitudes, graph.constant("last", -1)), Attribute.of("keepdims", 0));
        String positive = graph.node("Max", List.of(largest, graph.scalar("smallest", ElementType.FLOAT, SMALLEST)));
        return graph.node("Mul", List.of(positive, graph.scalar("steps", ElementType.FLOAT, 1f / 127)));
    }

    /** Zero points for all tokens; their number is the same in every layer. */
    private String zeroPoints(String scales) {
        if (zeroPoints == null) {
            zeroPoints = graph.node("Expand", List.of(middle(), graph.node("Shape", List.of(scales))));
        }
        return zeroPoints;
    }

    private String middle() {
        return graph.scalar("middle", ElementType.UINT8, 128);
    }

    private static float[] scales(WeightMatrix matrix) throws IOException {
        int columns = matrix.columns();
        float[] values = new float[columns];
        float[] scales = new float[matrix.rows()];
        int[] at = {0};
        matrix.forEachRow(row -> {
            row.decode(0, columns, values);
            float largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            scales[at[0]++] = Math.max(largest / 127, 1e-8f);
        });
        return scales;
    }

    private ExternalData.Region quants(WeightMatrix matrix, float[] scales) throws IOException {
        float[] values = new float[matrix.columns()];
        int[] at = {0};
        return writer.transposed(ElementType.INT8, matrix, values.length, row -> {
            row.decode(0, values.length, values);
            float scale = scales[at[0]++];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.clamp((long) Math.rint(values[i] / scale), -127, 127);
            }
            return values;
        });
    }
}
