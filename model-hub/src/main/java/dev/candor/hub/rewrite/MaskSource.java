package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.GraphNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds that what is added to the scores comes from the attention mask alone, and gives the mask in the integers that fused operators take. */
final class MaskSource {
    private static final String MASK = "attention_mask";
    private static final int MAX_STEPS = 200;

    private final WorkGraph graph;
    private final Integers integers;

    MaskSource(WorkGraph graph, Integers integers) {
        this.graph = graph;
        this.integers = integers;
    }

    /** The 32-bit mask {@code [batch, tokens]}, if the additive mask {@code value} depends on {@code attention_mask} and on no other input's values. */
    Optional<String> integers(String value) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.push(value);
        boolean mask = false;
        while (!open.isEmpty()) {
            String each = open.pop();
            if (each.isEmpty() || !seen.add(each)) {
                continue;
            }
            if (seen.size() > MAX_STEPS) {
                return Optional.empty();
            }
            if (graph.isInput(each)) {
                if (!each.equals(MASK)) {
                    return Optional.empty();
                }
                mask = true;
                continue;
            }
            Optional<GraphNode> node = graph.producer(each);
            if (node.isPresent() && WorkGraph.is(node.get(), "MatMul")) {
                return Optional.empty();
            }
            // A shape tells nothing of values.
            node.filter(found -> !WorkGraph.is(found, "Shape")).ifPresent(found -> found.inputs().forEach(open::push));
        }
        return mask ? Optional.of(integers.of(MASK)) : Optional.empty();
    }
}
