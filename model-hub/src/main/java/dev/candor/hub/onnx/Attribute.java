package dev.candor.hub.onnx;

/** An attribute of a node ({@code AttributeProto}). */
public sealed interface Attribute {
    /** The attribute's name. */
    String name();

    record Whole(String name, long value) implements Attribute {}

    record Real(String name, float value) implements Attribute {}

    static Attribute of(String name, long value) {
        return new Whole(name, value);
    }

    static Attribute of(String name, float value) {
        return new Real(name, value);
    }
}
