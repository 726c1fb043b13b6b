package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.OnnxGraph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns self-attention over all tokens, written in elementary operators, into the one operator, its three projections packed into one matrix. */
final class AttentionFusion {
    private final WorkGraph graph;
    private final MaskSource masks;

    AttentionFusion(WorkGraph graph, MaskSource masks) {
        this.graph = graph;
        this.masks = masks;
    }

    /** Scores before the softmax. */
    private record Scores(Projection query, Projection key, double scale, Optional<String> mask) {}

    /** @return how many were found */
    int apply() {
        int found = 0;
        for (GraphNode node : graph.nodes()) {
            if (WorkGraph.is(node, "Reshape") && fuse(node, found)) {
                found++;
            }
        }
        return found;
    }

    /** {@code Reshape(Transpose(MatMul(Softmax(scores), value)))}. */
    private boolean fuse(GraphNode last, int number) {
        Optional<GraphNode> weighted = Projection.transposed(graph, last.inputs().getFirst(), List.of(0L, 2L, 1L, 3L))
                .flatMap(value -> graph.producer(value, "MatMul"));
        if (weighted.isEmpty()) {
            return false;
        }
        Optional<GraphNode> softmax = graph.producer(weighted.get().inputs().get(0), "Softmax").filter(AttentionFusion::overLast);
        Optional<Projection> value = Projection.of(graph, weighted.get().inputs().get(1));
        Optional<Scores> scores = softmax.flatMap(node -> scores(node.inputs().getFirst()));
        if (value.isEmpty() || scores.isEmpty() || !alike(scores.get(), value.get())) {
            return false;
        }
        Optional<String> mask = scores.get().mask().flatMap(masks::integers);
        if (scores.get().mask().isPresent() && mask.isEmpty()) {
            return false;
        }
        List<Projection> parts = List.of(scores.get().query(), scores.get().key(), value.get());
        List<String> inputs = new ArrayList<>(List.of(value.get().input(), weights(parts, number), bias(parts, number)));
        mask.ifPresent(inputs::add);
        graph.replace(last, GraphNode.of(
                last.name(), OnnxGraph.MICROSOFT, "Attention", inputs, last.outputs(),
                Attribute.of("num_heads", value.get().heads()),
                Attribute.of("scale", (float) scores.get().scale()),
                Attribute.of("mask_filter_value", -Float.MAX_VALUE)));
        return true;
    }

    private static boolean overLast(GraphNode softmax) {
        return softmax.attribute("axis").filter(axis -> axis.equals(Attribute.of("axis", 3L)) || axis.equals(Attribute.of("axis", -1L))).isPresent();
    }

    private static boolean alike(Scores scores, Projection value) {
        return fits(scores.query(), value) && fits(scores.key(), value);
    }

    private static boolean fits(Projection one, Projection other) {
        return one.input().equals(other.input()) && one.heads() == other.heads() && one.headSize() == other.headSize()
                && one.weights().dimensions().equals(other.weights().dimensions());
    }

    /** {@code Add(product, mask)}, or the product alone. */
    private Optional<Scores> scores(String value) {
        Optional<GraphNode> sum = graph.producer(value, "Add");
        if (sum.isEmpty()) {
            return product(value, 1, Optional.empty());
        }
        return product(sum.get().inputs().get(0), 1, Optional.of(sum.get().inputs().get(1)))
                .or(() -> product(sum.get().inputs().get(1), 1, Optional.of(sum.get().inputs().get(0))));
    }

    /** {@code query * key} times a number, which may be multiplied before or after, or be a divisor. */
    private Optional<Scores> product(String value, double scale, Optional<String> mask) {
        Optional<Scaled> scaled = scaled(value);
        if (scaled.isPresent()) {
            return product(scaled.get().value(), scale * scaled.get().factor(), mask);
        }
        return graph.producer(value, "MatMul").flatMap(matmul -> {
            Scaled left = scaled(matmul.inputs().get(0)).orElse(new Scaled(matmul.inputs().get(0), 1));
            Scaled right = scaled(matmul.inputs().get(1)).orElse(new Scaled(matmul.inputs().get(1), 1));
            Optional<Projection> query = Projection.of(graph, left.value());
            Optional<Projection> key = Projection.ofTurned(graph, right.value());
            return query.isPresent() && key.isPresent()
                    ? Optional.of(new Scores(query.get(), key.get(), scale * left.factor() * right.factor(), mask))
                    : Optional.empty();
        });
    }

    private record Scaled(String value, double factor) {}

    private Optional<Scaled> scaled(String value) {
        Optional<GraphNode> division = graph.producer(value, "Div");
        if (division.isPresent()) {
            return graph.number(division.get().inputs().get(1)).map(by -> new Scaled(division.get().inputs().getFirst(), 1 / by));
        }
        return graph.producer(value, "Mul").flatMap(node -> {
            for (String factor : node.inputs()) {
                Optional<Double> by = graph.number(factor);
                if (by.isPresent()) {
                    return WorkGraph.other(node, factor).map(rest -> new Scaled(rest, by.get()));
                }
            }
            return Optional.empty();
        });
    }

    /** The columns of the three, side by side. */
    private String weights(List<Projection> parts, int number) {
        long rows = parts.getFirst().weights().dimensions().get(0);
        long columns = parts.getFirst().weights().dimensions().get(1);
        MemorySegment packed = Arena.ofAuto().allocate(parts.size() * rows * columns * Float.BYTES);
        for (int part = 0; part < parts.size(); part++) {
            MemorySegment from = WorkGraph.bytes(parts.get(part).weights());
            for (long row = 0; row < rows; row++) {
                long to = (row * parts.size() + part) * columns * Float.BYTES;
                MemorySegment.copy(from, row * columns * Float.BYTES, packed, to, columns * Float.BYTES);
            }
        }
        return constant("attention." + number + ".weight", List.of(rows, parts.size() * columns), packed);
    }

    /** The three one after the other; zeros where a projection has none. */
    private String bias(List<Projection> parts, int number) {
        long columns = parts.getFirst().weights().dimensions().get(1);
        MemorySegment packed = Arena.ofAuto().allocate(parts.size() * columns * Float.BYTES);
        for (int part = 0; part < parts.size(); part++) {
            long to = part * columns * Float.BYTES;
            parts.get(part).bias().ifPresent(bias -> MemorySegment.copy(WorkGraph.bytes(bias), 0, packed, to, columns * Float.BYTES));
        }
        return constant("attention." + number + ".bias", List.of(parts.size() * columns), packed);
    }

    private String constant(String wanted, List<Long> dimensions, MemorySegment bytes) {
        String name = graph.fresh(wanted);
        graph.add(new Initializer(name, ElementType.FLOAT, dimensions, new Initializer.Raw(bytes.asReadOnly())));
        return name;
    }
}
