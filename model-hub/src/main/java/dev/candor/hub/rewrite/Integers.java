package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The graph's inputs in 32 bits, which fused operators take; each is converted once. */
final class Integers {
    private static final long INT32 = 6;

    private final WorkGraph graph;
    private final Map<String, ElementType> types = new HashMap<>();
    private final Map<String, String> converted = new HashMap<>();

    Integers(WorkGraph graph, List<GraphValue> inputs) {
        this.graph = graph;
        inputs.forEach(input -> {
            if (input.type() instanceof GraphValue.Tensor tensor) {
                types.put(input.name(), tensor.element());
            }
        });
    }

    String of(String input) {
        if (types.get(input) == ElementType.INT32) {
            return input;
        }
        return converted.computeIfAbsent(input, name -> {
            String made = graph.fresh(name + ".int32");
            graph.addFirst(GraphNode.of(made, "", "Cast", List.of(name), List.of(made), Attribute.of("to", INT32)));
            return made;
        });
    }
}
