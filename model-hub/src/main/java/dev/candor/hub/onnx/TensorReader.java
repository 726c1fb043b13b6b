package dev.candor.hub.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code TensorProto}; numbers outside raw data are brought into its form. */
final class TensorReader {
    /** More elements than any file can hold, far from overflow. */
    private static final long MAX_ELEMENTS = 1L << 40;
    private static final int EXTERNAL = 1;

    private final ReadBudget budget;

    TensorReader(ReadBudget budget) {
        this.budget = budget;
    }

    /** What has been seen of a tensor. */
    private static final class Seen {
        private final List<Long> dimensions = new ArrayList<>();
        private long type;
        private String name = "";
        private MemorySegment raw;
        private LooseElements loose;
        private final List<MemorySegment> texts = new ArrayList<>();
        private final Map<String, String> external = new HashMap<>();
        private long location;
    }

    Initializer read(ProtoInput in) throws OnnxException {
        budget.tensor();
        Seen seen = new Seen();
        while (in.more()) {
            field(in, in.field(), seen);
        }
        String what = seen.name.isEmpty() ? in.message() : "tensor " + seen.name;
        Optional<ElementType> type = ElementType.of(seen.type);
        if (type.isEmpty()) {
            throw new OnnxException(what + " has the unknown element type number " + seen.type);
        }
        long elements = elements(what, seen.dimensions);
        return new Initializer(seen.name, type.get(), seen.dimensions, content(what, seen, type.get(), elements));
    }

    private void field(ProtoInput in, int field, Seen seen) throws OnnxException {
        switch (field) {
            case 1 -> dimension(in, seen.dimensions);
            case 2 -> seen.type = in.whole();
            case 3 -> throw in.damaged("is one segment of several, which is not read");
            case 4, 5, 7, 10, 11 -> {
                if (seen.loose == null) {
                    seen.loose = new LooseElements(budget);
                }
                seen.loose.add(in, field, ElementType.of(seen.type).orElse(null));
            }
            case 6 -> {
                budget.loose(1);
                seen.texts.add(in.block());
            }
            case 8 -> seen.name = in.text(ReadBudget.MAX_NAME_BYTES);
            case 9 -> seen.raw = in.block();
            case 13 -> pair(in.message("where a tensor lies"), seen.external);
            case 14 -> seen.location = in.whole();
            default -> in.skip();
        }
    }

    private static void dimension(ProtoInput in, List<Long> dimensions) throws OnnxException {
        if (!in.packed()) {
            dimensions.add(in.whole());
        } else {
            ProtoInput block = in.message(in.message());
            while (block.more()) {
                if (dimensions.size() > ReadBudget.MAX_RANK) {
                    break;
                }
                dimensions.add(block.rawVarint());
            }
        }
        if (dimensions.size() > ReadBudget.MAX_RANK) {
            throw in.damaged("has more than " + ReadBudget.MAX_RANK + " dimensions");
        }
    }

    private static void pair(ProtoInput in, Map<String, String> pairs) throws OnnxException {
        String key = "";
        String value = "";
        while (in.more()) {
            switch (in.field()) {
                case 1 -> key = in.text(ReadBudget.MAX_NAME_BYTES);
                case 2 -> value = in.text(ReadBudget.MAX_NAME_BYTES);
                default -> in.skip();
            }
        }
        pairs.put(key, value);
        if (pairs.size() > ReadBudget.MAX_RANK) {
            throw in.damaged("has more than " + ReadBudget.MAX_RANK + " entries");
        }
    }

    private static long elements(String what, List<Long> dimensions) throws OnnxException {
        long elements = 1;
        for (long dimension : dimensions) {
            if (dimension < 0 || (dimension > 0 && elements > MAX_ELEMENTS / dimension)) {
                throw new OnnxException(what + " has the impossible shape " + dimensions);
            }
            elements *= dimension;
        }
        return elements;
    }

    private static Initializer.Content content(String what, Seen seen, ElementType type, long elements) throws OnnxException {
        if (seen.location == EXTERNAL) {
            return new Initializer.External(region(what, seen.external, type.bytes(elements)));
        }
        if (type == ElementType.STRING) {
            require(what, seen.texts.size(), elements, "strings");
            return new Initializer.Texts(seen.texts);
        }
        if (seen.raw != null) {
            require(what, seen.raw.byteSize(), type.bytes(elements), "bytes");
            return new Initializer.Raw(seen.raw);
        }
        byte[] packed = seen.loose == null ? new byte[0] : seen.loose.packed();
        require(what, packed.length, type.bytes(elements), "bytes");
        return new Initializer.Raw(MemorySegment.ofArray(packed));
    }

    private static void require(String what, long found, long needed, String unit) throws OnnxException {
        if (found != needed) {
            throw new OnnxException(what + " has " + found + " " + unit + ", its shape needs " + needed);
        }
    }

    private static ExternalData.Region region(String what, Map<String, String> external, long needed) throws OnnxException {
        String location = external.get("location");
        if (location == null) {
            throw new OnnxException(what + " lies in another file, which is not named");
        }
        long offset = number(what, external, "offset", 0);
        long length = number(what, external, "length", needed);
        require(what, length, needed, "bytes in " + location);
        return new ExternalData.Region(location, offset, length);
    }

    private static long number(String what, Map<String, String> external, String key, long fallback) throws OnnxException {
        String text = external.get(key);
        try {
            long value = text == null ? fallback : Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new OnnxException(what + " has the " + key + " \"" + text + "\", which is no number", e);
        }
        throw new OnnxException(what + " has the negative " + key + " " + text);
    }
}
