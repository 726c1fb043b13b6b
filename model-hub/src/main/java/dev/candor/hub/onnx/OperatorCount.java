package dev.candor.hub.onnx;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often a model uses each operator, those of inner graphs and of its own functions included. */
public final class OperatorCount {
    private final SortedMap<String, Integer> counts = new TreeMap<>();

    private OperatorCount() {}

    /** By name, with the domain before it where it is not the standard one: {@code com.microsoft:Attention}. */
    public static SortedMap<String, Integer> of(OnnxModel model) {
        OperatorCount count = new OperatorCount();
        count.nodes(model.graph().nodes());
        model.functions().forEach(function -> count.nodes(function.nodes()));
        return count.counts;
    }

    private void nodes(List<GraphNode> nodes) {
        for (GraphNode node : nodes) {
            counts.merge(node.domain().isEmpty() ? node.operator() : node.domain() + ":" + node.operator(), 1, Integer::sum);
            for (Attribute attribute : node.attributes()) {
                if (attribute instanceof Attribute.Subgraph inner) {
                    nodes(inner.value().nodes());
                }
            }
        }
    }
}
