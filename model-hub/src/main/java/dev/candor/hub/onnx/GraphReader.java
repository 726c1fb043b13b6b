package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code GraphProto} and {@code NodeProto}. */
final class GraphReader {
    private static final String STANDARD_DOMAIN = "ai.onnx";

    private final ReadBudget budget;
    private final TensorReader tensors;
    private final ValueReader values;
    private final AttributeReader attributes;

    GraphReader(ReadBudget budget) {
        this.budget = budget;
        this.tensors = new TensorReader(budget);
        this.values = new ValueReader(budget);
        this.attributes = new AttributeReader(budget, tensors, this);
    }

    /** The standard domain has two names. */
    static String domain(String domain) {
        return domain.equals(STANDARD_DOMAIN) ? "" : domain;
    }

    ModelGraph read(ProtoInput in) throws OnnxException {
        budget.enter();
        String name = "";
        List<GraphNode> nodes = new ArrayList<>();
        List<Initializer> initializers = new ArrayList<>();
        List<GraphValue> inputs = new ArrayList<>();
        List<GraphValue> outputs = new ArrayList<>();
        List<GraphValue> inner = new ArrayList<>();
        List<MemorySegment> rest = new ArrayList<>();
        while (in.more()) {
            switch (in.field()) {
                case 1 -> nodes.add(node(in.message("a node")));
                case 2 -> name = in.text(ReadBudget.MAX_NAME_BYTES);
                case 5 -> initializers.add(tensors.read(in.message("an initializer")));
                case 11 -> inputs.add(values.read(in.message("a graph input")));
                case 12 -> outputs.add(values.read(in.message("a graph output")));
                case 13 -> inner.add(values.read(in.message("a described value")));
                default -> rest.add(unread(in));
            }
        }
        budget.leave();
        return new ModelGraph(name, nodes, initializers, inputs, outputs, inner, rest);
    }

    GraphNode node(ProtoInput in) throws OnnxException {
        budget.node();
        String name = "";
        String domain = "";
        String operator = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<Attribute> own = new ArrayList<>();
        List<MemorySegment> rest = new ArrayList<>();
        while (in.more()) {
            switch (in.field()) {
                case 1 -> inputs.add(name(in));
                case 2 -> outputs.add(name(in));
                case 3 -> name = name(in);
                case 4 -> operator = name(in);
                case 5 -> own.add(attributes.read(in.block()));
                case 7 -> domain = name(in);
                default -> rest.add(unread(in));
            }
        }
        if (operator.isEmpty()) {
            throw in.damaged("names no operator");
        }
        return new GraphNode(name, domain(domain), operator, inputs, outputs, own, rest);
    }

    private MemorySegment unread(ProtoInput in) throws OnnxException {
        budget.name();
        return in.skip();
    }

    private String name(ProtoInput in) throws OnnxException {
        budget.name();
        return in.text(ReadBudget.MAX_NAME_BYTES);
    }
}
