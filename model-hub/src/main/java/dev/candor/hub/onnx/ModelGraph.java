package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A graph as read from a model ({@code GraphProto}); {@link OnnxGraph} builds new ones.
 *
 * @param nodes   in an order in which they can run
 * @param inputs  in old models the initializers are among them
 * @param values  what the model tells of inner values
 * @param rest    fields that are carried along unread
 */
public record ModelGraph(
        String name,
        List<GraphNode> nodes,
        List<Initializer> initializers,
        List<GraphValue> inputs,
        List<GraphValue> outputs,
        List<GraphValue> values,
        List<MemorySegment> rest) {
    public ModelGraph {
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        values = List.copyOf(values);
        rest = List.copyOf(rest);
    }

    /** The same graph with other nodes and initializers. */
    public ModelGraph with(List<GraphNode> otherNodes, List<Initializer> otherInitializers) {
        return new ModelGraph(name, otherNodes, otherInitializers, inputs, outputs, values, rest);
    }
}
