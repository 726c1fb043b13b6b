package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.ModelGraph;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A graph while it is rewritten: who makes a value, who reads it, what is constant. Nodes are replaced in place, so that their order stays one in which
 * they can run.
 */
final class WorkGraph {
    /** Inputs that an operator has at least, for those that are looked for: a graph that was not made well must not be looked into further. */
    private static final Map<String, Integer> LEAST_INPUTS = Map.ofEntries(
            Map.entry("Add", 2), Map.entry("Div", 2), Map.entry("Erf", 1), Map.entry("Expand", 1), Map.entry("Gather", 2), Map.entry("Gelu", 1),
            Map.entry("LayerNormalization", 2), Map.entry("MatMul", 2), Map.entry("Mul", 2), Map.entry("Pow", 2), Map.entry("ReduceMean", 1),
            Map.entry("Reshape", 2), Map.entry("Slice", 1), Map.entry("Softmax", 1), Map.entry("Sqrt", 1), Map.entry("Sub", 2), Map.entry("Tanh", 1),
            Map.entry("Transpose", 1), Map.entry("Unsqueeze", 1));

    private final ModelGraph original;
    private final List<GraphNode> nodes;
    private final Map<String, Initializer> constants = new LinkedHashMap<>();
    private final Set<String> inputs;
    private final Set<String> outputs;
    private final Set<String> names = new HashSet<>();
    private Map<String, GraphNode> producers = new HashMap<>();
    private Map<String, List<GraphNode>> consumers = new HashMap<>();

    WorkGraph(ModelGraph graph) {
        this.original = graph;
        this.nodes = new ArrayList<>(graph.nodes());
        graph.initializers().forEach(tensor -> constants.put(tensor.name(), tensor));
        for (GraphNode node : graph.nodes()) {
            node.attribute("value").filter(value -> is(node, "Constant") && value instanceof Attribute.TensorValue)
                    .ifPresent(value -> constants.put(node.outputs().getFirst(), ((Attribute.TensorValue) value).value()));
            names.addAll(node.outputs());
        }
        this.inputs = graph.inputs().stream().map(GraphValue::name).filter(name -> !constants.containsKey(name)).collect(Collectors.toSet());
        this.outputs = graph.outputs().stream().map(GraphValue::name).collect(Collectors.toSet());
        names.addAll(inputs);
        names.addAll(constants.keySet());
        index();
    }

    private void index() {
        producers = new HashMap<>();
        consumers = new HashMap<>();
        for (GraphNode node : nodes) {
            node.outputs().forEach(value -> producers.put(value, node));
            reads(node).forEach(value -> consumers.computeIfAbsent(value, v -> new ArrayList<>()).add(node));
        }
    }

    /** The nodes as they are now. */
    List<GraphNode> nodes() {
        return List.copyOf(nodes);
    }

    Optional<GraphNode> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** Whether {@code node} is {@code operator} of the standard set, with as many inputs as that has, and an output. */
    static boolean is(GraphNode node, String operator) {
        return node.is(operator) && node.inputs().size() >= LEAST_INPUTS.getOrDefault(operator, 0) && !node.outputs().isEmpty();
    }

    /** The node that makes {@code value}, if it is {@code operator} of the standard set. */
    Optional<GraphNode> producer(String value, String operator) {
        return producer(value).filter(node -> is(node, operator));
    }

    /** Whether {@code value} is read by one node alone, and is no output of the graph. */
    boolean readOnce(String value) {
        return !outputs.contains(value) && consumers.getOrDefault(value, List.of()).size() == 1;
    }

    boolean isInput(String value) {
        return inputs.contains(value);
    }

    /** The constant tensor {@code value}, its elements in the model's own file. */
    Optional<Initializer> constant(String value) {
        return Optional.ofNullable(constants.get(value)).filter(tensor -> tensor.content() instanceof Initializer.Raw);
    }

    /** The constant's one element as a number. */
    Optional<Double> number(String value) {
        return constant(value).filter(tensor -> tensor.elements() == 1).flatMap(tensor -> {
            MemorySegment bytes = bytes(tensor);
            return switch (tensor.type()) {
                case FLOAT -> Optional.of((double) bytes.get(LittleEndian.FLOAT, 0));
                case INT64 -> Optional.of((double) bytes.get(LittleEndian.LONG, 0));
                case INT32 -> Optional.of((double) bytes.get(LittleEndian.INT, 0));
                default -> Optional.<Double>empty();
            };
        });
    }

    /** Whether the constant is one number, about {@code wanted}. */
    boolean isNumber(String value, double wanted) {
        return number(value).filter(found -> Math.abs(found - wanted) <= Math.abs(wanted) * 1e-4).isPresent();
    }

    /** A small constant of whole numbers. */
    Optional<List<Long>> wholes(String value) {
        return constant(value).filter(tensor -> tensor.type() == ElementType.INT64 && tensor.elements() <= 16).map(tensor -> {
            List<Long> all = new ArrayList<>();
            for (long i = 0; i < tensor.elements(); i++) {
                all.add(bytes(tensor).get(LittleEndian.LONG, i * Long.BYTES));
            }
            return all;
        });
    }

    /** A constant of floats in that many dimensions. */
    Optional<Initializer> floats(String value, int dimensions) {
        return constant(value).filter(tensor -> tensor.type() == ElementType.FLOAT && tensor.dimensions().size() == dimensions);
    }

    static MemorySegment bytes(Initializer tensor) {
        return ((Initializer.Raw) tensor.content()).bytes();
    }

    /** Of a node's two inputs, the one that is not {@code value}. */
    static Optional<String> other(GraphNode node, String value) {
        if (node.inputs().size() != 2 || !node.inputs().contains(value)) {
            return Optional.empty();
        }
        return Optional.of(node.inputs().get(node.inputs().getFirst().equals(value) ? 1 : 0));
    }

    void add(Initializer tensor) {
        constants.put(tensor.name(), tensor);
        names.add(tensor.name());
    }

    /** Puts a node at the beginning. */
    void addFirst(GraphNode node) {
        nodes.addFirst(node);
        names.addAll(node.outputs());
        index();
    }

    /** Puts {@code made} in the place of {@code last}, whose outputs it defines; what only {@code last} needed goes when the graph is built. */
    void replace(GraphNode last, GraphNode made) {
        nodes.set(nodes.indexOf(last), made);
        names.addAll(made.outputs());
        index();
    }

    /** A name that no value has. */
    String fresh(String wanted) {
        String name = wanted;
        for (int i = 2; names.contains(name); i++) {
            name = wanted + "_" + i;
        }
        names.add(name);
        return name;
    }

    /** Drops the nodes that no output needs, so that they count no longer among those who read a value. */
    void prune() {
        Set<String> needed = new HashSet<>(outputs);
        List<GraphNode> kept = new ArrayList<>();
        for (GraphNode node : nodes.reversed()) {
            if (node.outputs().stream().anyMatch(needed::contains)) {
                kept.addFirst(node);
                needed.addAll(reads(node));
            }
        }
        nodes.clear();
        nodes.addAll(kept);
        index();
    }

    private static Set<String> reads(GraphNode node) {
        Set<String> read = new HashSet<>(node.inputs());
        node.attributes().forEach(attribute -> read.addAll(readInside(attribute)));
        return read;
    }

    /** The graph with what its outputs need, and nothing else. */
    ModelGraph build() {
        prune();
        List<GraphNode> kept = List.copyOf(nodes);
        Set<String> needed = new HashSet<>(outputs);
        kept.forEach(node -> needed.addAll(reads(node)));
        Set<String> made = kept.stream().flatMap(node -> node.outputs().stream()).collect(Collectors.toSet());
        List<Initializer> tensors = constants.entrySet().stream()
                .filter(entry -> needed.contains(entry.getKey()) && !made.contains(entry.getKey()))
                .map(entry -> entry.getValue().named(entry.getKey()))
                .toList();
        List<GraphValue> values = original.values().stream().filter(value -> made.contains(value.name())).toList();
        List<GraphValue> left = original.inputs().stream()
                .filter(input -> inputs.contains(input.name()) || needed.contains(input.name())).toList();
        return new ModelGraph(original.name(), kept, tensors, left, original.outputs(), values, original.rest());
    }

    /** What an inner graph may read of this one. */
    private static Set<String> readInside(Attribute attribute) {
        Set<String> read = new HashSet<>();
        if (attribute instanceof Attribute.Subgraph inner) {
            for (GraphNode node : inner.value().nodes()) {
                read.addAll(reads(node));
            }
            inner.value().outputs().forEach(output -> read.add(output.name()));
        }
        return read;
    }
}
