package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.Role;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.importer.source.WeightSource;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.List;

/**
 * A decoder as an ONNX graph. Inputs: {@code input_ids} int64 [B,S]; {@code out_rows} int64 [R], rows of the flattened [B·S] whose logits are wanted;
 * and those of the {@link AttentionGraph}. Output: {@code logits} float [R,vocabulary], and those of the attention.
 */
public final class DecoderGraph {
    private static final String CONTRIB = OnnxGraph.MICROSOFT;

    private final DecoderSpec spec;
    private final WeightSource source;
    private final OnnxGraph graph;
    private final WeightWriter writer;
    private final DecoderWeights weights;
    private final RotaryCaches rotary;
    private final AttentionGraph attention;
    private final ProjectionInputs inputs;

    public DecoderGraph(DecoderSpec spec, WeightSource source, OnnxGraph graph, WeightWriter writer, DecoderWeights weights) {
        this.spec = spec;
        this.source = source;
        this.graph = graph;
        this.writer = writer;
        this.weights = weights;
        this.rotary = new RotaryCaches(spec, graph, writer, weights.type());
        GroupedAttention grouped = new GroupedAttention(spec, graph, rotary, weights.type());
        this.attention = weights.type() == ElementType.FLOAT ? new ReplayableAttention(spec, graph, rotary, grouped) : grouped;
        this.inputs = new ProjectionInputs(spec, source, graph, writer, weights);
    }

    /** The running sum of the layers and what the last one has yet to add to it. */
    private record Residual(String sum, String addend) {}

    /** A normalised input of a layer, and the residual sum it was made from. */
    private record Normed(String value, String sum) {}

    /** Writes all weights and nodes. @throws dev.candor.hub.importer.source.ImportException naming what does not fit */
    public void build() throws IOException {
        graph.input("input_ids", ElementType.INT64, "B", "S");
        graph.input("out_rows", ElementType.INT64, "R");
        graph.output("logits", ElementType.FLOAT, "R", spec.vocabulary());
        attention.declare();
        rotary.write();
        WeightMatrix table = matrix(Role.EMBEDDING, 0, spec.vocabulary(), spec.hidden());
        Residual residual = new Residual(embedded(table), "");
        for (int layer = 0; layer < spec.layers().size(); layer++) {
            residual = feedForward(layer, attention(layer, residual));
        }
        head(residual, table);
        source.requireAllTaken();
    }

    private String embedded(WeightMatrix table) throws IOException {
        String rows = weights.embed(table, "input_ids");
        if (spec.scales().embedding() != 1) {
            rows = graph.node("Mul", List.of(rows, graph.scalar("embedding.scale", weights.type(), spec.scales().embedding())));
        }
        return weights.flat() ? graph.node("Reshape", List.of(rows, graph.constant("flat", -1, spec.hidden()))) : rows;
    }

    private Residual attention(int layer, Residual residual) throws IOException {
        String block = "blk." + layer + ".";
        Normed normed = norm(residual, block + "attn_norm.weight", Role.ATTENTION_NORM, layer);
        String attended = attention.attend(layer, inputs.packed(layer, normed.value()));
        if (weights.flat()) {
            attended = graph.node("Reshape", List.of(attended, graph.constant("flat.heads", -1, spec.queryWidth())));
        }
        String output = weights.project(block + "attn_output", attended, matrix(Role.OUTPUT, layer, spec.hidden(), spec.queryWidth()));
        if (spec.parts().outputBias()) {
            String bias = vector(block + "attn_output.bias", Role.OUTPUT_BIAS, layer);
            output = graph.node("Add", List.of(output, bias));
        }
        if (spec.parts().sandwichNorms()) {
            output = simpleNorm(output, block + "post_attention_norm.weight", Role.POST_ATTENTION_NORM, layer);
        }
        return new Residual(normed.sum(), output);
    }

    private Residual feedForward(int layer, Residual residual) throws IOException {
        String block = "blk." + layer + ".";
        Normed normed = norm(residual, block + "ffn_norm.weight", Role.FEED_FORWARD_NORM, layer);
        FeedForward parts = new FeedForward(
                source.matrix(Role.GATE, layer, spec.feedForward(), spec.hidden()),
                source.matrix(Role.UP, layer, spec.feedForward(), spec.hidden()),
                source.matrix(Role.DOWN, layer, spec.hidden(), spec.feedForward()),
                this::activated);
        String output = weights.feedForward(block, normed.value(), parts);
        if (spec.parts().sandwichNorms()) {
            output = simpleNorm(output, block + "post_ffw_norm.weight", Role.POST_FEED_FORWARD_NORM, layer);
        }
        return new Residual(normed.sum(), output);
    }

    private String activated(String gate) {
        return switch (spec.activation()) {
            case SILU -> graph.node(CONTRIB, "QuickGelu", List.of(gate), Attribute.of("alpha", 1f));
            case GELU_TANH -> graph.node(CONTRIB, "FastGelu", List.of(gate));
        };
    }

    private void head(Residual residual, WeightMatrix table) throws IOException {
        String sum = graph.node("Add", List.of(residual.sum(), residual.addend()));
        String flat = weights.flat() ? sum : graph.node("Reshape", List.of(sum, graph.constant("flat", -1, spec.hidden())));
        String wanted = graph.node("Gather", List.of(flat, "out_rows"));
        String normed = simpleNorm(wanted, "output_norm.weight", Role.FINAL_NORM, 0);
        boolean tied = spec.parts().tied();
        WeightMatrix matrix = tied ? table : matrix(Role.HEAD, 0, spec.vocabulary(), spec.hidden());
        String logits = weights.head(normed, matrix, tied);
        if (weights.type() != ElementType.FLOAT) {
            logits = graph.node("Cast", List.of(logits), Attribute.of("to", 1));
        }
        if (spec.scales().logitSoftcap() > 0) {
            String cap = graph.scalar("logits.cap", ElementType.FLOAT, spec.scales().logitSoftcap());
            logits = graph.node("Tanh", List.of(graph.node("Div", List.of(logits, cap))));
            logits = graph.node("Mul", List.of(logits, cap));
        }
        graph.node("", "Identity", List.of(logits), List.of("logits"));
    }

    private Normed norm(Residual residual, String name, Role role, int layer) throws IOException {
        if (residual.addend().isEmpty()) {
            return new Normed(simpleNorm(residual.sum(), name, role, layer), residual.sum());
        }
        String gain = vector(name, role, layer);
        Normed normed = new Normed(name + ".normed", name + ".sum");
        graph.node(
                CONTRIB,
                "SkipSimplifiedLayerNormalization",
                List.of(residual.sum(), residual.addend(), gain),
                List.of(normed.value(), "", "", normed.sum()),
                Attribute.of("epsilon", spec.epsilon()));
        return normed;
    }

    private String simpleNorm(String input, String name, Role role, int layer) throws IOException {
        return graph.node(
                "SimplifiedLayerNormalization",
                List.of(input, vector(name, role, layer)),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", spec.epsilon()),
                Attribute.of("stash_type", 1));
    }

    private String vector(String name, Role role, int layer) throws IOException {
        float[] values = source.vector(role, layer, spec.hidden());
        return graph.weights(name, weights.type(), writer.vector(weights.type(), values), values.length);
    }

    private WeightMatrix matrix(Role role, int layer, int rows, int columns) throws IOException {
        return WeightMatrix.of(source.matrix(role, layer, rows, columns));
    }
}
