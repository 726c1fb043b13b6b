package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a residual sum, and the bias in it, into the layer normalisation that follows. */
final class SkipFusion {
    private final WorkGraph graph;

    SkipFusion(WorkGraph graph) {
        this.graph = graph;
    }

    /** @return how many were found */
    int apply() {
        int found = 0;
        for (GraphNode node : graph.nodes()) {
            if (WorkGraph.is(node, "LayerNormalization") && fuse(node)) {
                found++;
            }
        }
        return found;
    }

    private boolean fuse(GraphNode norm) {
        Optional<GraphNode> sum = graph.producer(norm.inputs().getFirst(), "Add").filter(add -> graph.readOnce(add.outputs().getFirst()));
        Optional<Attribute> epsilon = norm.attribute("epsilon");
        boolean overLast = norm.attribute("axis").map(Attribute.of("axis", -1)::equals).orElse(true);
        if (sum.isEmpty() || norm.inputs().size() != 3 || norm.outputs().size() != 1 || !overLast) {
            return false;
        }
        for (String branch : sum.get().inputs()) {
            Optional<String> skip = WorkGraph.other(sum.get(), branch).filter(this::hasWholeShape);
            Optional<List<String>> parts = skip.isPresent() ? branch(branch) : Optional.empty();
            if (parts.isPresent()) {
                List<String> inputs = new ArrayList<>(List.of(parts.get().getFirst(), skip.get(), norm.inputs().get(1), norm.inputs().get(2)));
                inputs.addAll(parts.get().subList(1, parts.get().size()));
                graph.replace(norm, GraphNode.of(
                        norm.name(), OnnxGraph.MICROSOFT, "SkipLayerNormalization", inputs, norm.outputs(),
                        epsilon.orElse(Attribute.of("epsilon", 1e-5f))));
                return true;
            }
        }
        return false;
    }

    /** The product of a dense layer, and its bias where it has one. */
    private Optional<List<String>> branch(String value) {
        if (isDense(value)) {
            return Optional.of(List.of(value));
        }
        return graph.producer(value, "Add").filter(add -> graph.readOnce(value)).flatMap(add -> {
            for (String bias : add.inputs()) {
                Optional<Initializer> constant = graph.floats(bias, 1);
                Optional<String> product = WorkGraph.other(add, bias).filter(this::isDense);
                if (constant.isPresent() && product.isPresent()) {
                    return Optional.of(List.of(product.get(), bias));
                }
            }
            return Optional.empty();
        });
    }

    private boolean isDense(String value) {
        return graph.producer(value, "MatMul").flatMap(node -> graph.floats(node.inputs().get(1), 2)).isPresent();
    }

    /** Whether {@code value} is {@code [batch, tokens, width]}, and not something that is spread over it. */
    private boolean hasWholeShape(String value) {
        return graph.producer(value)
                .filter(node -> node.operator().endsWith("LayerNormalization") || node.operator().equals("EmbedLayerNormalization"))
                .isPresent();
    }
}
