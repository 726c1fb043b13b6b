package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Turns the elementary operators of GELU into one operator, together with the bias before it: {@code x / 2 * (1 + erf(x / sqrt(2)))}, or its
 * approximation {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}.
 */
final class GeluFusion {
    private static final double ROOT_2 = Math.sqrt(2);
    private static final double ROOT_2_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    private final WorkGraph graph;

    GeluFusion(WorkGraph graph) {
        this.graph = graph;
    }

    /** @return how many were found */
    int apply() {
        int found = 0;
        for (GraphNode node : graph.nodes()) {
            if (!WorkGraph.is(node, "Mul") && !WorkGraph.is(node, "Gelu")) {
                continue;
            }
            Optional<String> exact = WorkGraph.is(node, "Mul") ? input(node, "Erf") : Optional.of(node.inputs().getFirst()).filter(x -> node.attributes().isEmpty());
            Optional<String> approximate = WorkGraph.is(node, "Mul") ? input(node, "Tanh") : Optional.empty();
            if (exact.isPresent()) {
                graph.replace(node, fused(node, exact.get(), "BiasGelu", "Gelu"));
                found++;
            } else if (approximate.isPresent()) {
                graph.replace(node, fused(node, approximate.get(), "FastGelu", "FastGelu"));
                found++;
            }
        }
        return found;
    }

    private GraphNode fused(GraphNode last, String input, String withBias, String bare) {
        Optional<GraphNode> sum = graph.producer(input, "Add");
        if (sum.isPresent()) {
            for (String bias : sum.get().inputs()) {
                Optional<Initializer> constant = graph.floats(bias, 1).filter(tensor -> tensor.elements() > 1);
                Optional<GraphNode> product = WorkGraph.other(sum.get(), bias).flatMap(value -> graph.producer(value, "MatMul"));
                if (constant.isPresent() && product.isPresent()) {
                    return GraphNode.of(last.name(), OnnxGraph.MICROSOFT, withBias, List.of(product.get().outputs().getFirst(), bias), last.outputs());
                }
            }
        }
        return GraphNode.of(last.name(), OnnxGraph.MICROSOFT, bare, List.of(input), last.outputs());
    }

    /** The {@code x} of a product of {@code x}, one half and {@code 1 + function(...)}, in any order. */
    private Optional<String> input(GraphNode last, String function) {
        List<String> factors = factors(last);
        if (factors.size() != 3) {
            return Optional.empty();
        }
        for (String half : factors) {
            if (!graph.isNumber(half, 0.5)) {
                continue;
            }
            List<String> rest = new ArrayList<>(factors);
            rest.remove(half);
            for (int i = 0; i < 2; i++) {
                String x = rest.get(i);
                Optional<String> argument = argument(rest.get(1 - i), function);
                if (argument.isPresent() && (function.equals("Erf") ? isOverRoot2(argument.get(), x) : isCubic(argument.get(), x))) {
                    return Optional.of(x);
                }
            }
        }
        return Optional.empty();
    }

    /** The factors of a product of products; {@code x / 2} counts as {@code x * 0.5} only where it is written so. */
    private List<String> factors(GraphNode last) {
        List<String> factors = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>(last.inputs());
        while (!open.isEmpty() && factors.size() < 4) {
            String value = open.pop();
            Optional<GraphNode> product = graph.producer(value, "Mul").filter(node -> factors.size() + open.size() < 2 && graph.readOnce(value));
            if (product.isPresent()) {
                product.get().inputs().forEach(open::push);
            } else {
                factors.add(value);
            }
        }
        return factors;
    }

    /** The argument of {@code 1 + function(argument)}. */
    private Optional<String> argument(String value, String function) {
        return graph.producer(value, "Add").flatMap(sum -> {
            for (String one : sum.inputs()) {
                Optional<GraphNode> call = WorkGraph.other(sum, one).flatMap(other -> graph.producer(other, function));
                if (graph.isNumber(one, 1) && call.isPresent()) {
                    return Optional.of(call.get().inputs().getFirst());
                }
            }
            return Optional.empty();
        });
    }

    private boolean isOverRoot2(String value, String x) {
        Optional<GraphNode> division = graph.producer(value, "Div");
        if (division.isPresent()) {
            return division.get().inputs().getFirst().equals(x) && graph.isNumber(division.get().inputs().get(1), ROOT_2);
        }
        return isTimes(value, 1 / ROOT_2, x::equals);
    }

    private boolean isCubic(String value, String x) {
        return isTimes(value, ROOT_2_PI, sum -> graph.producer(sum, "Add")
                .flatMap(add -> WorkGraph.other(add, x))
                .filter(term -> isTimes(term, CUBIC, cube -> isCube(cube, x)))
                .isPresent());
    }

    private boolean isCube(String value, String x) {
        boolean power = graph.producer(value, "Pow")
                .filter(node -> node.inputs().getFirst().equals(x) && graph.isNumber(node.inputs().get(1), 3)).isPresent();
        boolean product = graph.producer(value, "Mul").flatMap(node -> WorkGraph.other(node, x)).flatMap(square -> graph.producer(square, "Mul"))
                .filter(node -> node.inputs().equals(List.of(x, x))).isPresent();
        return power || product;
    }

    private boolean isTimes(String value, double factor, Predicate<String> rest) {
        return graph.producer(value, "Mul").filter(node -> node.inputs().stream()
                .anyMatch(each -> graph.isNumber(each, factor) && WorkGraph.other(node, each).filter(rest).isPresent())).isPresent();
    }
}
