package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code ModelProto}; the field numbers are those of onnx.proto. */
final class ModelReader {
    private final ReadBudget budget = new ReadBudget();
    private final GraphReader graphs = new GraphReader(budget);

    OnnxModel read(MemorySegment bytes) throws OnnxException {
        ProtoInput in = new ProtoInput(bytes, "the model");
        long irVersion = 0;
        String producer = "";
        String producerVersion = "";
        ModelGraph graph = null;
        Map<String, Long> opsets = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<LocalFunction> functions = new ArrayList<>();
        List<MemorySegment> rest = new ArrayList<>();
        while (in.more()) {
            switch (in.field()) {
                case 1 -> irVersion = in.whole();
                case 2 -> producer = in.text(ReadBudget.MAX_NAME_BYTES);
                case 3 -> producerVersion = in.text(ReadBudget.MAX_NAME_BYTES);
                case 7 -> {
                    if (graph != null) {
                        throw in.damaged("has two graphs");
                    }
                    graph = graphs.read(in.message("the graph"));
                }
                case 8 -> opset(in.message("an operator set"), opsets);
                case 14 -> pair(in.message("a metadata entry"), metadata);
                case 25 -> functions.add(function(in.block()));
                default -> rest.add(unread(in));
            }
        }
        if (graph == null || irVersion < 1) {
            throw new OnnxException("this is no ONNX model: it has no " + (graph == null ? "graph" : "IR version"));
        }
        return new OnnxModel(irVersion, producer, producerVersion, opsets, graph, metadata, functions, rest);
    }

    private MemorySegment unread(ProtoInput in) throws OnnxException {
        budget.name();
        return in.skip();
    }

    private void opset(ProtoInput in, Map<String, Long> opsets) throws OnnxException {
        budget.name();
        String domain = "";
        long version = 0;
        while (in.more()) {
            switch (in.field()) {
                case 1 -> domain = in.text(ReadBudget.MAX_NAME_BYTES);
                case 2 -> version = in.whole();
                default -> in.skip();
            }
        }
        if (opsets.put(GraphReader.domain(domain), version) != null) {
            throw in.damaged("names " + (domain.isEmpty() ? "the standard operators" : domain) + " a second time");
        }
    }

    private void pair(ProtoInput in, Map<String, String> pairs) throws OnnxException {
        budget.name();
        String key = "";
        String value = "";
        while (in.more()) {
            switch (in.field()) {
                case 1 -> key = in.text(ReadBudget.MAX_NAME_BYTES);
                case 2 -> value = in.text(ReadBudget.MAX_TEXT_BYTES);
                default -> in.skip();
            }
        }
        pairs.put(key, value);
    }

    private LocalFunction function(MemorySegment message) throws OnnxException {
        budget.tensor();
        ProtoInput in = new ProtoInput(message, "a function");
        String name = "";
        String domain = "";
        List<GraphNode> nodes = new ArrayList<>();
        while (in.more()) {
            switch (in.field()) {
                case 1 -> name = in.text(ReadBudget.MAX_NAME_BYTES);
                case 7 -> nodes.add(graphs.node(in.message("a function's node")));
                case 10 -> domain = in.text(ReadBudget.MAX_NAME_BYTES);
                default -> in.skip();
            }
        }
        return new LocalFunction(GraphReader.domain(domain), name, nodes, message);
    }
}
