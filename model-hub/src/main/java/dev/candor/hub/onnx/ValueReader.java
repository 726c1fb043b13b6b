package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code ValueInfoProto} and the types in it. */
final class ValueReader {
    private final ReadBudget budget;

    ValueReader(ReadBudget budget) {
        this.budget = budget;
    }

    GraphValue read(ProtoInput in) throws OnnxException {
        budget.value();
        String name = "";
        GraphValue.Type type = new GraphValue.Other("untyped", MemorySegment.NULL);
        while (in.more()) {
            switch (in.field()) {
                case 1 -> name = in.text(ReadBudget.MAX_NAME_BYTES);
                case 2 -> type = type(in.block(), "the type of " + (name.isEmpty() ? in.message() : name));
                default -> in.skip();
            }
        }
        if (name.isEmpty()) {
            throw in.damaged("has no name");
        }
        return new GraphValue(name, type);
    }

    private GraphValue.Type type(MemorySegment message, String what) throws OnnxException {
        ProtoInput in = new ProtoInput(message, what);
        GraphValue.Type type = new GraphValue.Other("untyped", MemorySegment.NULL);
        while (in.more()) {
            switch (in.field()) {
                case 1 -> type = tensor(in.message(in.message()));
                case 4 -> type = other(in, "sequence", message);
                case 5 -> type = other(in, "map", message);
                case 7 -> type = other(in, "opaque", message);
                case 8 -> type = other(in, "sparse tensor", message);
                case 9 -> type = other(in, "optional", message);
                default -> in.skip();
            }
        }
        return type;
    }

    private static GraphValue.Type other(ProtoInput in, String kind, MemorySegment message) throws OnnxException {
        in.skip();
        return new GraphValue.Other(kind, message);
    }

    private GraphValue.Type tensor(ProtoInput in) throws OnnxException {
        long code = 0;
        Optional<List<GraphValue.Dimension>> shape = Optional.empty();
        while (in.more()) {
            switch (in.field()) {
                case 1 -> code = in.whole();
                case 2 -> shape = Optional.of(shape(in.message(in.message())));
                default -> in.skip();
            }
        }
        Optional<ElementType> element = ElementType.of(code);
        if (element.isEmpty()) {
            throw in.damaged("has the unknown element type number " + code);
        }
        return new GraphValue.Tensor(element.get(), shape);
    }

    private List<GraphValue.Dimension> shape(ProtoInput in) throws OnnxException {
        List<GraphValue.Dimension> shape = new ArrayList<>();
        while (in.more()) {
            if (in.field() != 1) {
                in.skip();
            } else if (shape.size() == ReadBudget.MAX_RANK) {
                throw in.damaged("has more than " + ReadBudget.MAX_RANK + " dimensions");
            } else {
                shape.add(dimension(in.message(in.message())));
            }
        }
        return shape;
    }

    private GraphValue.Dimension dimension(ProtoInput in) throws OnnxException {
        long size = GraphValue.Dimension.FREE;
        String name = "";
        while (in.more()) {
            switch (in.field()) {
                case 1 -> size = in.whole();
                case 2 -> name = in.text(ReadBudget.MAX_NAME_BYTES);
                default -> in.skip();
            }
        }
        return new GraphValue.Dimension(size < 0 ? GraphValue.Dimension.FREE : size, name);
    }
}
