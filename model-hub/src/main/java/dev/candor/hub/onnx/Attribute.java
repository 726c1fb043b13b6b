package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** An attribute of a node ({@code AttributeProto}). */
public sealed interface Attribute {
    /** The attribute's name. */
    String name();

    record Whole(String name, long value) implements Attribute {}

    record Real(String name, float value) implements Attribute {}

    record Text(String name, String value) implements Attribute {}

    record Wholes(String name, List<Long> values) implements Attribute {
        public Wholes {
            values = List.copyOf(values);
        }
    }

    record Reals(String name, List<Float> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    record Texts(String name, List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }

    record TensorValue(String name, Initializer value) implements Attribute {}

    /** A graph that the node runs, such as a branch of an {@code If}. */
    record Subgraph(String name, ModelGraph value) implements Attribute {}

    /** An attribute of a rarer kind, carried along as it is: its whole message. */
    record Unread(String name, MemorySegment message) implements Attribute {}

    static Attribute of(String name, long value) {
        return new Whole(name, value);
    }

    static Attribute of(String name, float value) {
        return new Real(name, value);
    }

    static Attribute of(String name, String value) {
        return new Text(name, value);
    }
}
