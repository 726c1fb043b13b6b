package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A node of a graph ({@code NodeProto}).
 *
 * @param name    may be empty
 * @param domain  of its operator; the standard one is empty
 * @param inputs  values it reads; an empty name leaves an optional one out
 * @param outputs values it defines; an empty name leaves an optional one out
 * @param rest    fields that are carried along unread
 */
public record GraphNode(
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        List<Attribute> attributes,
        List<MemorySegment> rest) {
    public GraphNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
        rest = List.copyOf(rest);
    }

    /** A new node. */
    public static GraphNode of(String name, String domain, String operator, List<String> inputs, List<String> outputs, Attribute... attributes) {
        return new GraphNode(name, domain, operator, inputs, outputs, List.of(attributes), List.of());
    }

    public Optional<Attribute> attribute(String attribute) {
        return attributes.stream().filter(each -> each.name().equals(attribute)).findFirst();
    }

    /** Whether it is {@code operator} of the standard set. */
    public boolean is(String standardOperator) {
        return domain.isEmpty() && operator.equals(standardOperator);
    }
}
