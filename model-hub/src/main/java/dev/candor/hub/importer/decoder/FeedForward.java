package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.OnnxGraph;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The gated feed-forward part of a layer: down·(activation(gate·x) ∘ up·x).
 *
 * @param activation adds the nonlinearity's node and gives its output's name
 */
public record FeedForward(WeightMatrix.Part gate, WeightMatrix.Part up, WeightMatrix.Part down, UnaryOperator<String> activation) {
    /** Adds it with gate and up as one product, which is then split: fewer, larger products. */
    String stacked(OnnxGraph graph, DecoderWeights weights, String block, String input) throws IOException {
        String both = weights.project(block + "ffn_gate_up", input, new WeightMatrix(List.of(gate, up)));
        List<String> halves = List.of(block + "ffn_gate", block + "ffn_up");
        graph.node("", "Split", List.of(both), halves, Attribute.of("axis", -1), Attribute.of("num_outputs", 2));
        String gated = graph.node("Mul", List.of(activation.apply(halves.getFirst()), halves.getLast()));
        return weights.project(block + "ffn_down", gated, WeightMatrix.of(down));
    }
}
