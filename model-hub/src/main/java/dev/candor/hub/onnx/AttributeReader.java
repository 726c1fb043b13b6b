package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code AttributeProto}. */
final class AttributeReader {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int TENSOR = 4;
    private static final int GRAPH = 5;
    private static final int FLOATS = 6;
    private static final int INTS = 7;
    private static final int STRINGS = 8;

    private final ReadBudget budget;
    private final TensorReader tensors;
    private final GraphReader graphs;

    AttributeReader(ReadBudget budget, TensorReader tensors, GraphReader graphs) {
        this.budget = budget;
        this.tensors = tensors;
        this.graphs = graphs;
    }

    /** What has been seen of an attribute; which of it counts, its type says. */
    private static final class Seen {
        private String name = "";
        private long type;
        private boolean rare;
        private float real;
        private long whole;
        private final List<MemorySegment> texts = new ArrayList<>();
        private MemorySegment text = MemorySegment.ofArray(new byte[0]);
        private final List<Float> reals = new ArrayList<>();
        private final List<Long> wholes = new ArrayList<>();
        private Initializer tensor;
        private ModelGraph graph;
    }

    Attribute read(MemorySegment message) throws OnnxException {
        budget.name();
        Seen seen = new Seen();
        ProtoInput in = new ProtoInput(message, "an attribute");
        while (in.more()) {
            field(in, in.field(), seen);
        }
        Attribute unread = new Attribute.Unread(seen.name, message);
        if (seen.rare) {
            return unread;
        }
        try {
            return switch ((int) (seen.type == 0 ? guess(seen) : seen.type)) {
                case FLOAT -> new Attribute.Real(seen.name, seen.real);
                case INT -> new Attribute.Whole(seen.name, seen.whole);
                case STRING -> new Attribute.Text(seen.name, utf8(seen.text));
                case TENSOR -> seen.tensor == null ? unread : new Attribute.TensorValue(seen.name, seen.tensor);
                case GRAPH -> seen.graph == null ? unread : new Attribute.Subgraph(seen.name, seen.graph);
                case FLOATS -> new Attribute.Reals(seen.name, seen.reals);
                case INTS -> new Attribute.Wholes(seen.name, seen.wholes);
                case STRINGS -> new Attribute.Texts(seen.name, utf8(seen.texts));
                default -> unread;
            };
        } catch (CharacterCodingException e) {
            return unread;
        }
    }

    private void field(ProtoInput in, int field, Seen seen) throws OnnxException {
        switch (field) {
            case 1 -> seen.name = in.text(ReadBudget.MAX_NAME_BYTES);
            case 2 -> seen.real = in.real();
            case 3 -> seen.whole = in.whole();
            case 4 -> seen.text = in.block();
            case 5 -> seen.tensor = tensors.read(in.message("a tensor of an attribute"));
            case 6 -> seen.graph = graphs.read(in.message("a graph within a node"));
            case 7 -> reals(in, seen.reals);
            case 8 -> wholes(in, seen.wholes);
            case 9 -> {
                budget.name();
                seen.texts.add(in.block());
            }
            case 20 -> seen.type = in.whole();
            case 11 -> {
                graphs.read(in.message("a graph within a node"));
                seen.rare = true;
            }
            case 10, 14, 15, 21, 22, 23 -> {
                in.skip();
                seen.rare = true;
            }
            default -> in.skip();
        }
    }

    /** The oldest models tell no type; the field that is there is the value. */
    private static int guess(Seen seen) {
        if (seen.tensor != null) {
            return TENSOR;
        }
        if (seen.graph != null) {
            return GRAPH;
        }
        if (!seen.wholes.isEmpty()) {
            return INTS;
        }
        if (!seen.reals.isEmpty()) {
            return FLOATS;
        }
        if (!seen.texts.isEmpty()) {
            return STRINGS;
        }
        if (seen.text.byteSize() > 0) {
            return STRING;
        }
        return seen.real != 0 ? FLOAT : INT;
    }

    private void reals(ProtoInput in, List<Float> values) throws OnnxException {
        if (!in.packed()) {
            budget.loose(1);
            values.add(in.real());
            return;
        }
        ProtoInput block = in.message("the numbers of an attribute");
        while (block.more()) {
            budget.loose(1);
            values.add(Float.intBitsToFloat(block.rawFixed32()));
        }
    }

    private void wholes(ProtoInput in, List<Long> values) throws OnnxException {
        if (!in.packed()) {
            budget.loose(1);
            values.add(in.whole());
            return;
        }
        ProtoInput block = in.message("the numbers of an attribute");
        while (block.more()) {
            budget.loose(1);
            values.add(block.rawVarint());
        }
    }

    private static List<String> utf8(List<MemorySegment> texts) throws CharacterCodingException {
        List<String> all = new ArrayList<>(texts.size());
        for (MemorySegment text : texts) {
            all.add(utf8(text));
        }
        return all;
    }

    private static String utf8(MemorySegment text) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(text.asByteBuffer()).toString();
    }
}
