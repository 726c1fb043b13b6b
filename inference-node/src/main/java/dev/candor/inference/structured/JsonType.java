package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Term.Part;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The types of JSON Schema. A number with no fraction is an integer; {@link #NUMBER} holds these too. */
enum JsonType {
    NULL, BOOLEAN, STRING, NUMBER, INTEGER, OBJECT, ARRAY;

    static JsonType of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> STRING;
            case BOOLEAN -> BOOLEAN;
            case NUMBER -> value.decimalValue().stripTrailingZeros().scale() <= 0 ? INTEGER : NUMBER;
            case OBJECT -> OBJECT;
            case ARRAY -> ARRAY;
            default -> NULL;
        };
    }

    /** What a schema allows; of integers and numbers at most one. */
    static Set<JsonType> of(Part part) {
        JsonNode type = part.schema().get("type");
        if (type == null) {
            return EnumSet.complementOf(EnumSet.of(INTEGER));
        }
        Set<JsonType> types = EnumSet.noneOf(JsonType.class);
        if (type.isTextual()) {
            types.add(named(part, type));
        } else if (type.isArray() && !type.isEmpty()) {
            type.forEach(name -> types.add(named(part, name)));
        } else {
            throw new SchemaProblem(part, "type", "type must be the name of a type, or a list of them");
        }
        if (types.contains(NUMBER)) {
            types.remove(INTEGER);
        }
        return types;
    }

    private static JsonType named(Part part, JsonNode name) {
        for (JsonType type : values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name.asText())) {
                return type;
            }
        }
        throw new SchemaProblem(part, "type", "there is no type " + name + ": null, boolean, string, number, integer, object, array are");
    }

    /** What all parts of a term allow. */
    static Set<JsonType> of(Term term) {
        Set<JsonType> types = EnumSet.complementOf(EnumSet.of(INTEGER));
        for (Part part : term.parts()) {
            Set<JsonType> more = of(part);
            if (more.contains(INTEGER) && types.remove(NUMBER)) {
                types.add(INTEGER);
            }
            if (types.contains(INTEGER) && more.contains(NUMBER)) {
                more.add(INTEGER);
            }
            types.retainAll(more);
        }
        return types;
    }
}
