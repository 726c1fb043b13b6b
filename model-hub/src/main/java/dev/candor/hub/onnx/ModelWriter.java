package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes {@link OnnxModel}; the field numbers are those of onnx.proto. */
final class ModelWriter {
    private ModelWriter() {}

    static ProtoMessage model(OnnxModel model) {
        ProtoMessage message = new ProtoMessage()
                .integer(1, model.irVersion())
                .text(2, model.producer())
                .text(3, model.producerVersion())
                .message(7, graph(model.graph()));
        new TreeMap<>(model.opsets()).forEach((domain, version) -> message.message(8, new ProtoMessage().text(1, domain).integer(2, version)));
        new TreeMap<>(model.metadata()).forEach((key, value) -> message.message(14, pair(key, value)));
        model.functions().forEach(function -> message.segment(25, function.message()));
        return rest(message, model.rest());
    }

    private static ProtoMessage graph(ModelGraph graph) {
        ProtoMessage message = new ProtoMessage();
        graph.nodes().forEach(node -> message.message(1, node(node)));
        message.text(2, graph.name());
        graph.initializers().forEach(tensor -> message.message(5, tensor(tensor)));
        graph.inputs().forEach(value -> message.message(11, value(value)));
        graph.outputs().forEach(value -> message.message(12, value(value)));
        graph.values().forEach(value -> message.message(13, value(value)));
        return rest(message, graph.rest());
    }

    private static ProtoMessage node(GraphNode node) {
        ProtoMessage message = new ProtoMessage();
        node.inputs().forEach(input -> message.text(1, input));
        node.outputs().forEach(output -> message.text(2, output));
        message.text(3, node.name()).text(4, node.operator());
        node.attributes().forEach(attribute -> message.message(5, attribute(attribute)));
        if (!node.domain().isEmpty()) {
            message.text(7, node.domain());
        }
        return rest(message, node.rest());
    }

    static ProtoMessage attribute(Attribute attribute) {
        ProtoMessage message = new ProtoMessage().text(1, attribute.name());
        return switch (attribute) {
            case Attribute.Real real -> message.real(2, real.value()).integer(20, 1);
            case Attribute.Whole whole -> message.integer(3, whole.value()).integer(20, 2);
            case Attribute.Text text -> message.text(4, text.value()).integer(20, 3);
            case Attribute.TensorValue tensor -> message.message(5, tensor(tensor.value())).integer(20, 4);
            case Attribute.Subgraph graph -> message.message(6, graph(graph.value())).integer(20, 5);
            case Attribute.Reals reals -> {
                reals.values().forEach(value -> message.real(7, value));
                yield message.integer(20, 6);
            }
            case Attribute.Wholes wholes -> {
                wholes.values().forEach(value -> message.integer(8, value));
                yield message.integer(20, 7);
            }
            case Attribute.Texts texts -> {
                texts.values().forEach(value -> message.text(9, value));
                yield message.integer(20, 8);
            }
            case Attribute.Unread unread -> new ProtoMessage().raw(unread.message());
        };
    }

    private static ProtoMessage tensor(Initializer tensor) {
        ProtoMessage message = new ProtoMessage();
        tensor.dimensions().forEach(dimension -> message.integer(1, dimension));
        message.integer(2, tensor.type().code()).text(8, tensor.name());
        switch (tensor.content()) {
            case Initializer.Raw raw -> message.segment(9, raw.bytes());
            case Initializer.Texts texts -> texts.values().forEach(text -> message.segment(6, text));
            case Initializer.External external -> {
                Map<String, String> where = Map.of(
                        "location", external.region().location(),
                        "offset", String.valueOf(external.region().offset()),
                        "length", String.valueOf(external.region().length()));
                new TreeMap<>(where).forEach((key, value) -> message.message(13, pair(key, value)));
                message.integer(14, 1);
            }
        }
        return message;
    }

    private static ProtoMessage value(GraphValue value) {
        ProtoMessage message = new ProtoMessage().text(1, value.name());
        return switch (value.type()) {
            case GraphValue.Tensor tensor -> message.message(2, new ProtoMessage().message(1, type(tensor)));
            case GraphValue.Other other when other.message().byteSize() == 0 -> message;
            case GraphValue.Other other -> message.segment(2, other.message());
        };
    }

    private static ProtoMessage type(GraphValue.Tensor tensor) {
        ProtoMessage message = new ProtoMessage().integer(1, tensor.element().code());
        tensor.shape().ifPresent(dimensions -> {
            ProtoMessage shape = new ProtoMessage();
            dimensions.forEach(dimension -> shape.message(1, dimension(dimension)));
            message.message(2, shape);
        });
        return message;
    }

    private static ProtoMessage dimension(GraphValue.Dimension dimension) {
        ProtoMessage message = new ProtoMessage();
        if (!dimension.free()) {
            return message.integer(1, dimension.size());
        }
        return dimension.name().isEmpty() ? message : message.text(2, dimension.name());
    }

    private static ProtoMessage pair(String key, String value) {
        return new ProtoMessage().text(1, key).text(2, value);
    }

    private static ProtoMessage rest(ProtoMessage message, List<MemorySegment> rest) {
        rest.forEach(message::raw);
        return message;
    }
}
