package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.Initializer;
import java.util.List;
import java.util.Optional;

/**
 * A matrix product with constant weights and perhaps a bias, split into heads: {@code Transpose(Reshape(Add(MatMul(input, weights), bias)))}.
 *
 * @param weights float [in, heads * headSize]
 * @param bias    float [heads * headSize]
 */
record Projection(String input, Initializer weights, Optional<Initializer> bias, int heads, int headSize) {
    private static final List<Long> BY_HEAD = List.of(0L, 2L, 1L, 3L);
    private static final List<Long> BY_HEAD_TURNED = List.of(0L, 2L, 3L, 1L);
    private static final List<Long> TURN = List.of(0L, 1L, 3L, 2L);

    /** The projection behind {@code value}, of shape {@code [batch, heads, tokens, headSize]}. */
    static Optional<Projection> of(WorkGraph graph, String value) {
        return transposed(graph, value, BY_HEAD).flatMap(split -> ofSplit(graph, split));
    }

    /** The projection behind {@code value}, of shape {@code [batch, heads, headSize, tokens]}. */
    static Optional<Projection> ofTurned(WorkGraph graph, String value) {
        return transposed(graph, value, BY_HEAD_TURNED)
                .or(() -> transposed(graph, value, TURN).flatMap(turned -> transposed(graph, turned, BY_HEAD)))
                .flatMap(split -> ofSplit(graph, split));
    }

    static Optional<String> transposed(WorkGraph graph, String value, List<Long> order) {
        return graph.producer(value, "Transpose")
                .filter(node -> node.attribute("perm").filter(perm -> perm.equals(
                        new Attribute.Wholes("perm", order))).isPresent())
                .map(node -> node.inputs().getFirst());
    }

    private static Optional<Projection> ofSplit(WorkGraph graph, String value) {
        Optional<GraphNode> reshape = graph.producer(value, "Reshape");
        if (reshape.isEmpty()) {
            return Optional.empty();
        }
        Optional<GraphNode> sum = graph.producer(reshape.get().inputs().getFirst(), "Add");
        Optional<Initializer> bias = Optional.empty();
        String product = reshape.get().inputs().getFirst();
        if (sum.isPresent()) {
            for (String each : sum.get().inputs()) {
                Optional<Initializer> constant = graph.floats(each, 1);
                if (constant.isPresent()) {
                    bias = constant;
                    product = WorkGraph.other(sum.get(), each).orElse(product);
                }
            }
        }
        Optional<GraphNode> matmul = graph.producer(product, "MatMul");
        Optional<Initializer> weights = matmul.flatMap(node -> graph.floats(node.inputs().get(1), 2));
        Optional<long[]> heads = heads(graph, reshape.get().inputs().get(1));
        if (weights.isEmpty() || heads.isEmpty()) {
            return Optional.empty();
        }
        long width = weights.get().dimensions().get(1);
        long count = heads.get()[0] > 0 ? heads.get()[0] : width / Math.max(1, heads.get()[1]);
        long size = heads.get()[1] > 0 ? heads.get()[1] : width / Math.max(1, count);
        if (count < 1 || count * size != width || bias.filter(each -> each.elements() != width).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Projection(matmul.get().inputs().getFirst(), weights.get(), bias, (int) count, (int) size));
    }

    /** Heads and head size, the last two of a shape of four, which is constant or put together of parts of which these are constant. */
    private static Optional<long[]> heads(WorkGraph graph, String shape) {
        Optional<List<Long>> whole = graph.wholes(shape);
        if (whole.isPresent()) {
            return whole.filter(each -> each.size() == 4).map(each -> new long[] {each.get(2), each.get(3)});
        }
        Optional<GraphNode> concat = graph.producer(shape, "Concat").filter(node -> node.inputs().size() == 4);
        if (concat.isEmpty()) {
            return Optional.empty();
        }
        Optional<Double> count = element(graph, concat.get().inputs().get(2));
        Optional<Double> size = element(graph, concat.get().inputs().get(3));
        if (count.isEmpty() && size.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new long[] {count.orElse(-1.0).longValue(), size.orElse(-1.0).longValue()});
    }

    private static Optional<Double> element(WorkGraph graph, String value) {
        return graph.number(value).or(() -> graph.producer(value, "Unsqueeze").flatMap(node -> graph.number(node.inputs().getFirst())));
    }
}
