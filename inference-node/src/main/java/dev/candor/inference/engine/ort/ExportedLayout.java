package dev.candor.inference.engine.ort;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxGraph;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a decoder exported by others asks for, read off its graph: {@code input_ids} and {@code attention_mask}, perhaps {@code position_ids} and
 * {@code use_cache_branch}, and for each layer {@code past_key_values.N.key} and {@code .value} of shape {@code [batch, heads, tokens, size]}, answered by
 * {@code logits} and {@code present.N.*}, in which the new tokens stand behind the past ones.
 *
 * @param past      the graph's inputs of keys and values, and
 * @param present   its outputs for them, in the same order
 * @param half      whether keys and values are 16-bit floats
 * @param halfLogits whether the logits are
 * @param leftPad   whether shorter sequences are filled up at their start; graphs with GroupQueryAttention want them filled up at their end
 */
record ExportedLayout(
        List<String> past,
        List<String> present,
        int kvHeads,
        int headSize,
        boolean half,
        boolean halfLogits,
        boolean positions,
        boolean cacheBranch,
        boolean leftPad) {
    static final String INPUT_IDS = "input_ids";
    static final String MASK = "attention_mask";
    static final String POSITIONS = "position_ids";
    static final String CACHE_BRANCH = "use_cache_branch";
    static final String LOGITS = "logits";
    private static final String PAST = "past_key_values.";
    private static final int RANK = 4;

    /** Whether the graph looks like such a decoder, servable or not. */
    static boolean looksLike(ModelGraph graph) {
        return inputs(graph).containsKey(MASK) && inputs(graph).keySet().stream().anyMatch(name -> name.startsWith(PAST));
    }

    /** @throws ModelException naming the input or output for which the graph cannot be served */
    static ExportedLayout read(OnnxModel model, ModelConfig config) throws ModelException {
        Map<String, GraphValue> inputs = inputs(model.graph());
        Map<String, GraphValue> outputs = byName(model.graph().outputs());
        List<String> past = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (String kind : List.of("key", "value")) {
                past.add(PAST + layer + "." + kind);
                present.add("present." + layer + "." + kind);
            }
        }
        requireKnown(inputs, past);
        requirePresent(outputs, present);
        for (String name : past) {
            requireShape(inputs.get(name), config);
        }
        ElementType keys = element(inputs.get(past.getFirst()));
        return new ExportedLayout(past, present, config.kvHeads(), config.headSize(), half(PAST + "*", keys),
                half(LOGITS, element(outputs.get(LOGITS))), inputs.containsKey(POSITIONS), inputs.containsKey(CACHE_BRANCH), !groupQuery(model));
    }

    private static boolean groupQuery(OnnxModel model) {
        return model.graph().nodes().stream()
                .anyMatch(node -> node.domain().equals(OnnxGraph.MICROSOFT) && node.operator().equals("GroupQueryAttention"));
    }

    private static void requireKnown(Map<String, GraphValue> inputs, List<String> past) throws ModelException {
        for (GraphValue input : inputs.values()) {
            String name = input.name();
            Optional<ElementType> wanted = switch (name) {
                case INPUT_IDS, MASK, POSITIONS -> Optional.of(ElementType.INT64);
                case CACHE_BRANCH -> Optional.of(ElementType.BOOL);
                default -> past.contains(name) ? Optional.of(element(input)) : Optional.empty();
            };
            if (wanted.isEmpty()) {
                throw new ModelException("the graph asks for the input '" + name + "', which an exported decoder of " + past.size() / 2
                        + " layers is not known to have; it may have " + String.join(", ", INPUT_IDS, MASK, POSITIONS, CACHE_BRANCH, PAST + "N.key, ." + "value"));
            }
            if (element(input) != wanted.get()) {
                throw new ModelException("the graph's input '" + name + "' has type " + element(input) + ", it must be " + wanted.get());
            }
        }
        List<String> needed = new ArrayList<>(past);
        needed.addAll(List.of(INPUT_IDS, MASK));
        needed.removeAll(inputs.keySet());
        if (!needed.isEmpty()) {
            throw new ModelException("the graph has no input '" + needed.getFirst() + "', which a decoder of " + past.size() / 2
                    + " layers with a cache has: export it as text-generation-with-past");
        }
    }

    private static void requirePresent(Map<String, GraphValue> outputs, List<String> present) throws ModelException {
        List<String> needed = new ArrayList<>(present);
        needed.add(LOGITS);
        needed.removeAll(outputs.keySet());
        if (!needed.isEmpty()) {
            throw new ModelException("the graph has no output '" + needed.getFirst() + "': export it as text-generation-with-past");
        }
    }

    private static void requireShape(GraphValue input, ModelConfig config) throws ModelException {
        List<GraphValue.Dimension> shape = ((GraphValue.Tensor) input.type()).shape().orElse(List.of());
        boolean fits = shape.size() == RANK && is(shape.get(1), config.kvHeads()) && shape.get(2).free() && is(shape.get(3), config.headSize());
        if (!fits) {
            throw new ModelException("the graph's input '" + input.name() + "' has shape " + shape + ", it must be [batch, " + config.kvHeads()
                    + ", tokens, " + config.headSize() + "]");
        }
    }

    private static boolean is(GraphValue.Dimension dimension, int size) {
        return dimension.free() || dimension.size() == size;
    }

    private static boolean half(String name, ElementType type) throws ModelException {
        return switch (type) {
            case FLOAT -> false;
            case FLOAT16 -> true;
            default -> throw new ModelException("the graph's " + name + " has type " + type + ", it must be FLOAT or FLOAT16");
        };
    }

    private static ElementType element(GraphValue value) throws ModelException {
        if (value.type() instanceof GraphValue.Tensor tensor) {
            return tensor.element();
        }
        throw new ModelException("the graph's '" + value.name() + "' is no tensor");
    }

    /** Without the constants that old models have among their inputs. */
    private static Map<String, GraphValue> inputs(ModelGraph graph) {
        Map<String, GraphValue> inputs = byName(graph.inputs());
        graph.initializers().forEach(constant -> inputs.remove(constant.name()));
        return inputs;
    }

    private static Map<String, GraphValue> byName(List<GraphValue> values) {
        return values.stream().collect(Collectors.toMap(GraphValue::name, Function.identity(), (one, other) -> one, TreeMap::new));
    }

    /** Bytes of one token's keys, or values, in one head. */
    int rowBytes() {
        return headSize * (half ? Short.BYTES : Float.BYTES);
    }
}
