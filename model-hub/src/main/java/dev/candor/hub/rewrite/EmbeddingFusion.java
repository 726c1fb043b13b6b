package dev.candor.hub.rewrite;

import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the sum of word, position and segment embeddings, and the normalisation after it, into one operator. */
final class EmbeddingFusion {
    private static final String IDS = "input_ids";
    private static final String TYPES = "token_type_ids";

    private final WorkGraph graph;
    private final Integers integers;

    EmbeddingFusion(WorkGraph graph, Integers integers) {
        this.graph = graph;
        this.integers = integers;
    }

    /** @return how many were found */
    int apply() {
        for (GraphNode node : graph.nodes()) {
            if (WorkGraph.is(node, "LayerNormalization") && fuse(node)) {
                return 1;
            }
        }
        return 0;
    }

    private boolean fuse(GraphNode norm) {
        List<GraphNode> lookups = new ArrayList<>();
        if (!collect(norm.inputs().getFirst(), lookups) || lookups.size() != 3 || norm.inputs().size() != 3) {
            return false;
        }
        Optional<GraphNode> words = byInput(lookups, IDS);
        Optional<GraphNode> segments = byInput(lookups, TYPES);
        Optional<GraphNode> positions = lookups.stream().filter(node -> countsUp(node.inputs().get(1))).findFirst();
        if (words.isEmpty() || segments.isEmpty() || positions.isEmpty()) {
            return false;
        }
        List<String> inputs = List.of(
                integers.of(IDS), integers.of(TYPES), table(words.get()), table(positions.get()), table(segments.get()), norm.inputs().get(1),
                norm.inputs().get(2));
        String unusedMask = graph.fresh("embedding.mask_index");
        graph.replace(norm, GraphNode.of(
                norm.name(), OnnxGraph.MICROSOFT, "EmbedLayerNormalization", inputs, List.of(norm.outputs().getFirst(), unusedMask),
                norm.attribute("epsilon").orElse(Attribute.of("epsilon", 1e-5f))));
        return true;
    }

    private static String table(GraphNode lookup) {
        return lookup.inputs().getFirst();
    }

    private static Optional<GraphNode> byInput(List<GraphNode> lookups, String indices) {
        return lookups.stream().filter(node -> node.inputs().get(1).equals(indices)).findFirst();
    }

    /** The table lookups that are summed up to {@code value}; false if anything else is among the terms. */
    private boolean collect(String value, List<GraphNode> lookups) {
        Optional<GraphNode> sum = graph.producer(value, "Add");
        if (sum.isPresent() && lookups.size() < 3) {
            return collect(sum.get().inputs().get(0), lookups) && collect(sum.get().inputs().get(1), lookups);
        }
        Optional<GraphNode> lookup = graph.producer(value, "Gather").filter(node -> graph.floats(node.inputs().getFirst(), 2).isPresent()
                && node.attribute("axis").map(Attribute.of("axis", 0)::equals).orElse(true));
        lookup.ifPresent(lookups::add);
        return lookup.isPresent();
    }

    /** Whether {@code value} is cut from a constant that counts 0, 1, 2 …, from its start. */
    private boolean countsUp(String value) {
        Set<String> seen = new HashSet<>();
        String at = value;
        while (seen.add(at)) {
            if (graph.constant(at).isPresent()) {
                return isCount(at);
            }
            Optional<GraphNode> node = graph.producer(at).filter(each -> WorkGraph.is(each, "Slice") || WorkGraph.is(each, "Unsqueeze") || WorkGraph.is(each, "Expand"));
            if (node.isEmpty() || WorkGraph.is(node.get(), "Slice") && !startsAtZero(node.get())) {
                return false;
            }
            at = node.get().inputs().getFirst();
        }
        return false;
    }

    private boolean startsAtZero(GraphNode slice) {
        return slice.inputs().size() > 2 && graph.isNumber(slice.inputs().get(1), 0);
    }

    private boolean isCount(String value) {
        return graph.constant(value).filter(tensor -> {
            if (tensor.type() != ElementType.INT64) {
                return false;
            }
            for (long i = 0; i < tensor.elements(); i++) {
                if (WorkGraph.bytes(tensor).get(LittleEndian.LONG, i * Long.BYTES) != i) {
                    return false;
                }
            }
            return true;
        }).isPresent();
    }
}
