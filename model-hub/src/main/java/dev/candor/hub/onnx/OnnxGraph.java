package dev.candor.hub.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Builds the bytes of an ONNX model ({@code onnx.proto}, IR version 10 and opset 20 unless a later one is asked for, com.microsoft 1): inputs,
 * outputs, nodes in the order of the calls, small constants inline and weights by reference to {@link ExternalData}.
 */
public final class OnnxGraph {
    /** Domain of ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    private static final int IR_VERSION = 10;
    private static final int OPSET = 20;
    /** From this operator set on, models are of IR version 11. */
    private static final int LATER_OPSET = 23;
    private static final int LATER_IR_VERSION = 11;
    private static final int MICROSOFT_OPSET = 1;
    private static final String WRITER_VERSION = "1";

    private final String name;
    private final List<ProtoMessage> nodes = new ArrayList<>();
    private final List<ProtoMessage> initializers = new ArrayList<>();
    private final List<ProtoMessage> inputs = new ArrayList<>();
    private final List<ProtoMessage> outputs = new ArrayList<>();
    private final List<String> outputNames = new ArrayList<>();
    private final Set<String> defined = new HashSet<>();
    private final Optional<OnnxGraph> around;
    private int opset = OPSET;

    public OnnxGraph(String name) {
        this(name, Optional.empty());
    }

    private OnnxGraph(String name, Optional<OnnxGraph> around) {
        this.name = name;
        this.around = around;
    }

    /** A graph within this one for {@link #choose}: it sees all that is defined here before, and constants made in it belong to the whole. */
    public OnnxGraph branch(String name) {
        return new OnnxGraph(name, Optional.of(this));
    }

    /** The standard operator set is to be at least {@code version}. */
    public void requireOpset(int version) {
        opset = Math.max(opset, version);
    }

    /**
     * Adds an {@code If}: the outputs of one of two {@link #branch branches}, in the order of their declaration, under the names {@code out}.
     *
     * @param condition a scalar of type BOOL
     */
    public void choose(String condition, OnnxGraph then, OnnxGraph otherwise, List<String> out) {
        ProtoMessage node = new ProtoMessage().text(1, requireDefined("If", condition));
        for (String value : out) {
            define(value);
            node.text(2, value);
        }
        node.text(3, "If_" + nodes.size()).text(4, "If");
        node.message(5, new ProtoMessage().text(1, "then_branch").message(6, then.body()).integer(20, 5));
        node.message(5, new ProtoMessage().text(1, "else_branch").message(6, otherwise.body()).integer(20, 5));
        nodes.add(node);
    }

    /** Declares a graph input; a dimension is a number or the name of a free one, none at all make a scalar. */
    public void input(String value, ElementType type, Object... dimensions) {
        define(value);
        inputs.add(valueInfo(value, type, dimensions));
    }

    /** Declares a graph output; a node must define it. */
    public void output(String value, ElementType type, Object... dimensions) {
        outputNames.add(value);
        outputs.add(valueInfo(value, type, dimensions));
    }

    /** A small constant of 64-bit integers with one dimension; the same name twice is the same constant. */
    public String constant(String value, long... elements) {
        if (around.isPresent()) {
            return around.get().constant(value, elements);
        }
        if (defined.contains(value)) {
            return value;
        }
        define(value);
        ByteBuffer raw = ByteBuffer.allocate(elements.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long element : elements) {
            raw.putLong(element);
        }
        ProtoMessage tensor = new ProtoMessage().integer(1, elements.length).integer(2, ElementType.INT64.code());
        initializers.add(tensor.text(8, value).bytes(9, raw.array()));
        return value;
    }

    /** A constant number of {@code type}, FLOAT, FLOAT16 or UINT8; the same name twice is the same constant. */
    public String scalar(String value, ElementType type, float number) {
        if (around.isPresent()) {
            return around.get().scalar(value, type, number);
        }
        if (defined.contains(value)) {
            return value;
        }
        define(value);
        ByteBuffer raw = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT -> raw.putFloat(number);
            case FLOAT16 -> raw.putShort(Float.floatToFloat16(number));
            case UINT8 -> raw.put((byte) (int) number);
            default -> throw new IllegalArgumentException("no constants are written as " + type);
        }
        initializers.add(new ProtoMessage().integer(2, type.code()).text(8, value).bytes(9, raw.array()));
        return value;
    }

    /** A small constant of 32-bit floats with one dimension; the same name twice is the same constant. */
    public String floats(String value, float... elements) {
        if (around.isPresent()) {
            return around.get().floats(value, elements);
        }
        if (!defined.contains(value)) {
            define(value);
            ByteBuffer raw = ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            raw.asFloatBuffer().put(elements);
            ProtoMessage tensor = new ProtoMessage().integer(1, elements.length).integer(2, ElementType.FLOAT.code());
            initializers.add(tensor.text(8, value).bytes(9, raw.array()));
        }
        return value;
    }

    /** A tensor of weights at {@code region}. @throws IllegalArgumentException if the region's length does not fit the shape */
    public String weights(String value, ElementType type, ExternalData.Region region, long... dimensions) {
        define(value);
        ProtoMessage tensor = new ProtoMessage();
        long elements = 1;
        for (long dimension : dimensions) {
            tensor.integer(1, dimension);
            elements = Math.multiplyExact(elements, dimension);
        }
        if (elements * type.bytes() != region.length()) {
            throw new IllegalArgumentException(value + " has " + region.length() + " bytes, its shape needs " + elements * type.bytes());
        }
        tensor.integer(2, type.code()).text(8, value);
        entry(tensor, "location", region.location());
        entry(tensor, "offset", String.valueOf(region.offset()));
        entry(tensor, "length", String.valueOf(region.length()));
        initializers.add(tensor.integer(14, 1));
        return value;
    }

    /** Adds a node of the standard operator set and gives its one output's name. */
    public String node(String operator, List<String> in, Attribute... attributes) {
        return node("", operator, in, attributes);
    }

    /** Adds a node of {@code domain} and gives its one output's name. */
    public String node(String domain, String operator, List<String> in, Attribute... attributes) {
        String out = (around.isPresent() ? name + "." : "") + "v" + nodes.size();
        node(domain, operator, in, List.of(out), attributes);
        return out;
    }

    /** Adds a node with outputs of the given names; an empty name leaves an optional input or output out. */
    public void node(String domain, String operator, List<String> in, List<String> out, Attribute... attributes) {
        ProtoMessage node = new ProtoMessage();
        for (String value : in) {
            node.text(1, value.isEmpty() ? value : requireDefined(operator, value));
        }
        for (String value : out) {
            if (!value.isEmpty()) {
                define(value);
            }
            node.text(2, value);
        }
        node.text(3, operator + "_" + nodes.size()).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, ModelWriter.attribute(attribute));
        }
        if (!domain.isEmpty()) {
            node.text(7, domain);
        }
        nodes.add(node);
    }

    /** The model's bytes. @throws IllegalStateException if no node defines a declared output */
    public byte[] toBytes() {
        return new ProtoMessage()
                .integer(1, opset < LATER_OPSET ? IR_VERSION : LATER_IR_VERSION)
                .text(2, "candor")
                .text(3, WRITER_VERSION)
                .message(7, body())
                .message(8, new ProtoMessage().text(1, "").integer(2, opset))
                .message(8, new ProtoMessage().text(1, MICROSOFT).integer(2, MICROSOFT_OPSET))
                .toBytes();
    }

    private ProtoMessage body() {
        if (!defined.containsAll(outputNames)) {
            throw new IllegalStateException("no node defines one of the outputs " + outputNames);
        }
        ProtoMessage graph = new ProtoMessage();
        nodes.forEach(node -> graph.message(1, node));
        graph.text(2, name);
        initializers.forEach(tensor -> graph.message(5, tensor));
        inputs.forEach(input -> graph.message(11, input));
        outputs.forEach(output -> graph.message(12, output));
        return graph;
    }

    private String requireDefined(String operator, String value) {
        if (!knows(value)) {
            throw new IllegalArgumentException(operator + " reads " + value + ", which nothing before it defines");
        }
        return value;
    }

    private boolean knows(String value) {
        return defined.contains(value) || around.isPresent() && around.get().knows(value);
    }

    private void define(String value) {
        if (around.isPresent() && around.get().knows(value) || !defined.add(value)) {
            throw new IllegalArgumentException("the graph already has a value named " + value);
        }
    }

    private static void entry(ProtoMessage tensor, String key, String value) {
        tensor.message(13, new ProtoMessage().text(1, key).text(2, value));
    }

    private static ProtoMessage valueInfo(String name, ElementType type, Object... dimensions) {
        ProtoMessage shape = new ProtoMessage();
        for (Object dimension : dimensions) {
            ProtoMessage message = new ProtoMessage();
            shape.message(1, dimension instanceof Number number ? message.integer(1, number.longValue()) : message.text(2, dimension.toString()));
        }
        ProtoMessage tensor = new ProtoMessage().integer(1, type.code()).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }
}
