package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An operator that the model defines itself ({@code FunctionProto}).
 *
 * @param message the whole function, carried along as it is
 */
public record LocalFunction(String domain, String name, List<GraphNode> nodes, MemorySegment message) {
    public LocalFunction {
        nodes = List.copyOf(nodes);
    }
}
