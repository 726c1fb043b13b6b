package dev.candor.hub.testing;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A tiny BERT with random weights, in the elementary operators that exporters write: two layers of width 16 with two heads. Not thread-safe: one makes
 * one model.
 */
public final class ToyBert {
    public static final int WIDTH = 16;
    public static final int HEADS = 2;
    public static final int VOCABULARY = 40;
    public static final int POSITIONS = 32;
    public static final int LABELS = 3;

    /** How the same computation is written. */
    public enum Style {
        /** Shapes put together at run time, scores divided, exact GELU. */
        TRACED,
        /** Constant shapes, query and key scaled each, the key turned in two steps, GELU by tanh. */
        SCRIPTED
    }

    /** What is on top. */
    public enum Head {
        /** {@code last_hidden_state} [batch, tokens, 16]. */
        NONE,
        /** {@code logits} [batch, 3] of the first token. */
        CLASSES,
        /** {@code logits} [batch, 1] of the first token. */
        SCORE,
        /** {@code logits} [batch, tokens, 3]. */
        TOKEN_CLASSES
    }

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Style style;
    private final Head head;
    private final Random random = new Random(7);
    private final List<GraphNode> nodes = new ArrayList<>();
    private final List<Initializer> constants = new ArrayList<>();

    private ToyBert(Style style, Head head) {
        this.style = style;
        this.head = head;
    }

    public static OnnxModel model(Style style, Head head) {
        return new ToyBert(style, head).build();
    }

    private OnnxModel build() {
        String mask = mask();
        String hidden = norm(embeddings());
        for (int layer = 0; layer < 2; layer++) {
            hidden = norm(node("Add", dense(attention(hidden, mask), WIDTH, WIDTH), hidden));
            hidden = norm(node("Add", dense(gelu(dense(hidden, WIDTH, 2 * WIDTH)), 2 * WIDTH, WIDTH), hidden));
        }
        GraphValue output = output(hidden);
        List<GraphValue> inputs = List.of(ids("input_ids"), ids("attention_mask"), ids("token_type_ids"));
        ModelGraph graph = new ModelGraph("toy", nodes, constants, inputs, List.of(output), List.of(), List.of());
        return new OnnxModel(8, "test", "1", Map.of("", 13L), graph, Map.of(), List.of(), List.of());
    }

    private GraphValue output(String hidden) {
        boolean tokenwise = head == Head.NONE || head == Head.TOKEN_CLASSES;
        String name = head == Head.NONE ? "last_hidden_state" : "logits";
        String value = switch (head) {
            case NONE -> hidden;
            case TOKEN_CLASSES -> dense(hidden, WIDTH, LABELS);
            case CLASSES -> dense(node("Gather", List.of(hidden, scalar(0)), Attribute.of("axis", 1)), WIDTH, LABELS);
            case SCORE -> dense(node("Gather", List.of(hidden, scalar(0)), Attribute.of("axis", 1)), WIDTH, 1);
        };
        nodes.add(GraphNode.of("out", "", "Identity", List.of(value), List.of(name)));
        long width = head == Head.NONE ? WIDTH : head == Head.SCORE ? 1 : LABELS;
        List<GraphValue.Dimension> shape = new ArrayList<>(List.of(free("batch")));
        if (tokenwise) {
            shape.add(free("tokens"));
        }
        shape.add(new GraphValue.Dimension(width, ""));
        return new GraphValue(name, new GraphValue.Tensor(ElementType.FLOAT, Optional.of(shape)));
    }

    private static GraphValue ids(String name) {
        return new GraphValue(name, new GraphValue.Tensor(ElementType.INT64, Optional.of(List.of(free("batch"), free("tokens")))));
    }

    private static GraphValue.Dimension free(String name) {
        return new GraphValue.Dimension(GraphValue.Dimension.FREE, name);
    }

    private String embeddings() {
        String length = node("Gather", List.of(node("Shape", "input_ids"), scalar(1)), Attribute.of("axis", 0));
        String end = node("Unsqueeze", length, longs(0));
        long[] count = new long[POSITIONS];
        for (int i = 0; i < POSITIONS; i++) {
            count[i] = i;
        }
        String positions = node("Slice", longs(List.of(1L, (long) POSITIONS), count), longs(0), end, longs(1), longs(1));
        String words = node("Gather", weights(VOCABULARY, WIDTH), "input_ids");
        String segments = node("Gather", weights(2, WIDTH), "token_type_ids");
        return node("Add", node("Add", words, segments), node("Gather", weights(POSITIONS, WIDTH), positions));
    }

    private String mask() {
        String wide = node("Unsqueeze", node("Unsqueeze", "attention_mask", longs(1)), longs(2));
        String floats = node("Cast", List.of(wide), Attribute.of("to", 1));
        return node("Mul", node("Sub", number(1), floats), number(-Float.MAX_VALUE));
    }

    private String norm(String input) {
        String centred = node("Sub", input, mean(input));
        String variance = mean(node("Pow", centred, number(2)));
        String unit = node("Div", centred, node("Sqrt", node("Add", variance, number(1e-12f))));
        return node("Add", node("Mul", unit, weights(WIDTH)), weights(WIDTH));
    }

    private String mean(String input) {
        return node("ReduceMean", List.of(input), new Attribute.Wholes("axes", List.of(-1L)));
    }

    private String dense(String input, int in, int out) {
        return node("Add", weights(out), node("MatMul", input, weights(in, out)));
    }

    private String gelu(String x) {
        if (style == Style.TRACED) {
            String erf = node("Erf", node("Div", x, number((float) Math.sqrt(2))));
            return node("Mul", node("Mul", x, node("Add", erf, number(1))), number(0.5f));
        }
        String inner = node("Add", x, node("Mul", node("Pow", x, number(3)), number(0.044715f)));
        String tanh = node("Tanh", node("Mul", inner, number((float) Math.sqrt(2 / Math.PI))));
        return node("Mul", node("Mul", x, number(0.5f)), node("Add", tanh, number(1)));
    }

    private String attention(String hidden, String mask) {
        String query = heads(dense(hidden, WIDTH, WIDTH), 0, 2, 1, 3);
        String key = dense(hidden, WIDTH, WIDTH);
        String value = heads(dense(hidden, WIDTH, WIDTH), 0, 2, 1, 3);
        double size = (double) WIDTH / HEADS;
        String scores;
        if (style == Style.TRACED) {
            String product = node("MatMul", query, heads(key, 0, 2, 3, 1));
            scores = node("Div", product, number((float) Math.sqrt(size)));
        } else {
            String part = number((float) Math.sqrt(1 / Math.sqrt(size)));
            String turned = transpose(heads(key, 0, 2, 1, 3), 0, 1, 3, 2);
            scores = node("MatMul", node("Mul", query, part), node("Mul", turned, part));
        }
        String shares = node("Softmax", List.of(node("Add", scores, mask)), Attribute.of("axis", -1));
        String together = transpose(node("MatMul", shares, value), 0, 2, 1, 3);
        return node("Reshape", together, longs(0, 0, WIDTH));
    }

    private String heads(String input, long... order) {
        String shape;
        if (style == Style.TRACED) {
            String batch = node("Unsqueeze", node("Gather", List.of(node("Shape", input), scalar(0)), Attribute.of("axis", 0)), longs(0));
            String tokens = node("Unsqueeze", node("Gather", List.of(node("Shape", input), scalar(1)), Attribute.of("axis", 0)), longs(0));
            shape = node("Concat", List.of(batch, tokens, longs(HEADS), longs(WIDTH / HEADS)), Attribute.of("axis", 0));
        } else {
            shape = longs(0, -1, HEADS, WIDTH / HEADS);
        }
        return transpose(node("Reshape", input, shape), order);
    }

    private String transpose(String input, long... order) {
        List<Long> perm = new ArrayList<>();
        for (long axis : order) {
            perm.add(axis);
        }
        return node("Transpose", List.of(input), new Attribute.Wholes("perm", perm));
    }

    private String node(String operator, String... inputs) {
        return node(operator, List.of(inputs));
    }

    private String node(String operator, List<String> inputs, Attribute... attributes) {
        String out = "n" + nodes.size();
        nodes.add(GraphNode.of(out, "", operator, inputs, List.of(out), attributes));
        return out;
    }

    private String number(float value) {
        MemorySegment bytes = Arena.ofAuto().allocate(Float.BYTES);
        bytes.set(FLOAT, 0, value);
        return constant(ElementType.FLOAT, List.of(), bytes);
    }

    private String scalar(long value) {
        return longs(List.of(), value);
    }

    private String longs(long... values) {
        return longs(List.of((long) values.length), values);
    }

    private String longs(List<Long> dimensions, long... values) {
        MemorySegment bytes = Arena.ofAuto().allocate((long) values.length * Long.BYTES);
        for (int i = 0; i < values.length; i++) {
            bytes.set(LONG, (long) i * Long.BYTES, values[i]);
        }
        return constant(ElementType.INT64, dimensions, bytes);
    }

    private String weights(long... dimensions) {
        long elements = 1;
        List<Long> shape = new ArrayList<>();
        for (long dimension : dimensions) {
            elements *= dimension;
            shape.add(dimension);
        }
        MemorySegment bytes = Arena.ofAuto().allocate(elements * Float.BYTES);
        for (long i = 0; i < elements; i++) {
            bytes.set(FLOAT, i * Float.BYTES, (float) (random.nextGaussian() * 0.3));
        }
        return constant(ElementType.FLOAT, shape, bytes);
    }

    private String constant(ElementType type, List<Long> dimensions, MemorySegment bytes) {
        String name = "c" + constants.size();
        constants.add(new Initializer(name, type, dimensions, new Initializer.Raw(bytes)));
        return name;
    }
}
