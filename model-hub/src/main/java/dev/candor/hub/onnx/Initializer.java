package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A constant tensor ({@code TensorProto}): an initializer of a graph, or a node's attribute.
 *
 * @param name       may be empty for an attribute
 * @param dimensions none at all make a scalar
 */
public record Initializer(String name, ElementType type, List<Long> dimensions, Content content) {
    /** Where the elements are. */
    public sealed interface Content {}

    /** Little-endian elements in row-major order; types of less than a byte are packed, the lower bits first. */
    public record Raw(MemorySegment bytes) implements Content {}

    /** The elements of a tensor of strings, which may be any bytes. */
    public record Texts(List<MemorySegment> values) implements Content {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** Bytes in another file beside the model, laid out as in {@link Raw}. */
    public record External(ExternalData.Region region) implements Content {}

    public Initializer {
        dimensions = List.copyOf(dimensions);
    }

    /** Number of elements. */
    public long elements() {
        return dimensions.stream().reduce(1L, Math::multiplyExact);
    }

    /** The same tensor under another name. */
    public Initializer named(String other) {
        return new Initializer(other, type, dimensions, content);
    }
}
