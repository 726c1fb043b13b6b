package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.Initializer;
import java.util.List;
import java.util.Optional;

/** Turns the elementary operators of a layer normalisation over the last dimension into the one operator. */
final class LayerNormFusion {
    private final WorkGraph graph;

    LayerNormFusion(WorkGraph graph) {
        this.graph = graph;
    }

    private record Match(String input, String gamma, String beta, float epsilon) {}

    /** @return how many were found */
    int apply() {
        int found = 0;
        for (GraphNode node : graph.nodes()) {
            Optional<Match> match = WorkGraph.is(node, "Add") ? match(node) : Optional.empty();
            if (match.isPresent()) {
                Match norm = match.get();
                graph.replace(node, GraphNode.of(
                        node.name(), "", "LayerNormalization", List.of(norm.input(), norm.gamma(), norm.beta()), node.outputs(),
                        Attribute.of("axis", -1), Attribute.of("epsilon", norm.epsilon())));
                found++;
            }
        }
        return found;
    }

    /** {@code Add(Mul(Div(centred, Sqrt(Add(variance, epsilon))), gamma), beta)}. */
    private Optional<Match> match(GraphNode add) {
        for (String beta : add.inputs()) {
            Optional<Initializer> shift = graph.floats(beta, 1);
            Optional<GraphNode> scaled = WorkGraph.other(add, beta).flatMap(value -> graph.producer(value, "Mul"));
            if (shift.isEmpty() || scaled.isEmpty()) {
                continue;
            }
            for (String gamma : scaled.get().inputs()) {
                Optional<GraphNode> division = WorkGraph.other(scaled.get(), gamma).flatMap(value -> graph.producer(value, "Div"));
                boolean fits = graph.floats(gamma, 1).filter(scale -> scale.elements() == shift.get().elements()).isPresent();
                if (fits && division.isPresent()) {
                    return match(division.get(), gamma, beta);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Match> match(GraphNode division, String gamma, String beta) {
        Optional<GraphNode> centred = graph.producer(division.inputs().get(0), "Sub");
        Optional<GraphNode> sum = graph.producer(division.inputs().get(1), "Sqrt").flatMap(root -> graph.producer(root.inputs().getFirst(), "Add"));
        if (centred.isEmpty() || sum.isEmpty()) {
            return Optional.empty();
        }
        String input = centred.get().inputs().getFirst();
        if (!isMeanOf(centred.get().inputs().get(1), input)) {
            return Optional.empty();
        }
        for (String epsilon : sum.get().inputs()) {
            Optional<Double> value = graph.number(epsilon);
            Optional<String> variance = WorkGraph.other(sum.get(), epsilon);
            if (value.isPresent() && variance.isPresent() && isVariance(variance.get(), input)) {
                return Optional.of(new Match(input, gamma, beta, value.get().floatValue()));
            }
        }
        return Optional.empty();
    }

    private boolean isMeanOf(String value, String input) {
        return mean(value).filter(input::equals).isPresent();
    }

    /** What {@code value} is the mean of, over the last dimension. */
    private Optional<String> mean(String value) {
        return graph.producer(value, "ReduceMean").filter(this::overLast).map(node -> node.inputs().getFirst());
    }

    private boolean overLast(GraphNode mean) {
        boolean keeps = mean.attribute("keepdims").map(Attribute.of("keepdims", 1L)::equals).orElse(true);
        boolean attribute = mean.attribute("axes").filter(axes -> axes.equals(new Attribute.Wholes("axes", List.of(-1L)))).isPresent();
        boolean input = mean.inputs().size() == 2 && graph.wholes(mean.inputs().get(1)).filter(List.of(-1L)::equals).isPresent();
        return keeps && (attribute || input);
    }

    /** The mean of the squares of {@code input} less its mean. */
    private boolean isVariance(String value, String input) {
        return mean(value).flatMap(graph::producer).filter(square -> {
            boolean power = WorkGraph.is(square, "Pow") && graph.isNumber(square.inputs().get(1), 2);
            boolean product = WorkGraph.is(square, "Mul") && square.inputs().get(0).equals(square.inputs().get(1));
            return (power || product) && isCentred(square.inputs().getFirst(), input);
        }).isPresent();
    }

    private boolean isCentred(String value, String input) {
        return graph.producer(value, "Sub")
                .filter(node -> node.inputs().getFirst().equals(input) && isMeanOf(node.inputs().get(1), input))
                .isPresent();
    }
}
