package dev.candor.inference.engine.ort;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Graph inputs of 16, 32 and 64 unsigned bits, of which ONNX Runtime's Java API can make no tensors: each is read as the signed type of the same bits and
 * cast within the graph, which changes no bit.
 */
final class UnsignedInputs {
    static final String SIGNED = "candor.signed.";
    private static final Map<ElementType, ElementType> SIGNED_TYPES =
            Map.of(ElementType.UINT16, ElementType.INT16, ElementType.UINT32, ElementType.INT32, ElementType.UINT64, ElementType.INT64);
    private static final Map<ElementType, Long> CODES = Map.of(ElementType.UINT16, 4L, ElementType.UINT32, 12L, ElementType.UINT64, 13L);

    private UnsignedInputs() {}

    /** The model with its unsigned inputs read as signed; empty where it has none. */
    static Optional<OnnxModel> rewrite(OnnxModel model) {
        ModelGraph graph = model.graph();
        Set<String> constants = new HashSet<>();
        graph.initializers().forEach(tensor -> constants.add(tensor.name()));
        List<GraphValue> inputs = new ArrayList<>();
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphValue input : graph.inputs()) {
            if (!constants.contains(input.name()) && input.type() instanceof GraphValue.Tensor(ElementType element, var shape)
                    && SIGNED_TYPES.containsKey(element)) {
                inputs.add(new GraphValue(SIGNED + input.name(), new GraphValue.Tensor(SIGNED_TYPES.get(element), shape)));
                nodes.add(GraphNode.of(SIGNED + nodes.size(), "", "Cast", List.of(SIGNED + input.name()), List.of(input.name()),
                        Attribute.of("to", CODES.get(element))));
            } else {
                inputs.add(input);
            }
        }
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        nodes.addAll(graph.nodes());
        return Optional.of(model.with(model.opsets(), new ModelGraph(
                graph.name(), nodes, graph.initializers(), inputs, graph.outputs(), graph.values(), graph.rest())));
    }
}
