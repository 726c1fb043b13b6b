package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.candor.inference.structured.Term.Part;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides whether a value satisfies a term, for the values of {@code enum} and {@code const}. */
final class SchemaValues {
    private static final int MAX_DEPTH = 64;

    private final SchemaResolver resolver;
    private final Patterns patterns;
    private final WorkBudget budget;

    SchemaValues(SchemaResolver resolver, Patterns patterns, WorkBudget budget) {
        this.resolver = resolver;
        this.patterns = patterns;
        this.budget = budget;
    }

    boolean satisfies(JsonNode value, Term term) {
        return satisfies(value, term, 0);
    }

    private boolean satisfies(JsonNode value, Term term, int depth) {
        Term flat = resolver.flat(term);
        if (depth > MAX_DEPTH && !flat.parts().isEmpty()) {
            throw new SchemaProblem(flat.parts().getFirst(), "enum", "its values are checked more than " + MAX_DEPTH + " schemas deep");
        }
        for (Part part : flat.parts()) {
            budget.spend(1);
            if (part.schema().isBoolean() || !satisfies(value, part, depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean satisfies(JsonNode value, Part part, int depth) {
        JsonNode schema = part.schema();
        return type(value, part)
                && (!schema.has("const") || same(schema.get("const"), value))
                && (!schema.has("enum") || listed(value, schema.get("enum")))
                && (!value.isNumber() || number(value.decimalValue(), schema))
                && (!value.isTextual() || text(value.textValue(), part))
                && (!value.isArray() || array(value, part, depth))
                && (!value.isObject() || object(value, part, depth))
                && choices(value, part, depth);
    }

    private boolean choices(JsonNode value, Part part, int depth) {
        if (part.schema().has("anyOf") && !part.has(Part.ANY_OF) && matching(value, part, "anyOf", depth) == 0) {
            return false;
        }
        return !part.schema().has("oneOf") || part.has(Part.ONE_OF) || matching(value, part, "oneOf", depth) == 1;
    }

    private int matching(JsonNode value, Part part, String keyword, int depth) {
        int matching = 0;
        for (int i = 0; i < part.schema().get(keyword).size(); i++) {
            matching += satisfies(value, Term.ANY.and(part.at(keyword, i)), depth + 1) ? 1 : 0;
        }
        return matching;
    }

    private static boolean type(JsonNode value, Part part) {
        Set<JsonType> types = JsonType.of(part);
        return types.contains(JsonType.of(value)) || types.contains(JsonType.NUMBER) && JsonType.of(value) == JsonType.INTEGER;
    }

    private boolean listed(JsonNode value, JsonNode list) {
        for (JsonNode one : list) {
            budget.spend(1);
            if (same(one, value)) {
                return true;
            }
        }
        return false;
    }

    /** Equality of JSON Schema: numbers by value, objects whatever their order. */
    static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.isContainerNode() && a.getNodeType() == b.getNodeType() && a.size() == b.size()) {
            if (a.isArray()) {
                for (int i = 0; i < a.size(); i++) {
                    if (!same(a.get(i), b.get(i))) {
                        return false;
                    }
                }
                return true;
            }
            return a.properties().stream().allMatch(entry -> b.has(entry.getKey()) && same(entry.getValue(), b.get(entry.getKey())));
        }
        return a.equals(b);
    }

    private static boolean number(BigDecimal value, JsonNode schema) {
        return compare(value, schema, "minimum") >= 0
                && compare(value, schema, "exclusiveMinimum") >= (schema.has("exclusiveMinimum") ? 1 : 0)
                && compare(value, schema, "maximum") <= 0
                && compare(value, schema, "exclusiveMaximum") <= (schema.has("exclusiveMaximum") ? -1 : 0)
                && (!schema.has("multipleOf") || value.remainder(schema.get("multipleOf").decimalValue()).signum() == 0);
    }

    private static int compare(BigDecimal value, JsonNode schema, String keyword) {
        return schema.has(keyword) ? value.compareTo(schema.get(keyword).decimalValue()) : 0;
    }

    private boolean text(String value, Part part) {
        Term alone = new Term(List.of(part));
        int length = value.codePointCount(0, value.length());
        return length >= Keywords.atLeast(alone, "minLength") && length <= Keywords.atMost(alone, "maxLength")
                && patterns.of(alone).stream().allMatch(pattern -> pattern.accepts(value));
    }

    private boolean array(JsonNode value, Part part, int depth) {
        Term alone = new Term(List.of(part));
        if (value.size() < Keywords.atLeast(alone, "minItems") || value.size() > Keywords.atMost(alone, "maxItems")) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            if (!satisfies(value.get(i), Members.item(alone, i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean object(JsonNode value, Part part, int depth) {
        Term alone = new Term(List.of(part));
        if (value.size() < Keywords.atLeast(alone, "minProperties") || value.size() > Keywords.atMost(alone, "maxProperties")) {
            return false;
        }
        for (JsonNode name : part.schema().path("required")) {
            if (!value.has(name.textValue())) {
                return false;
            }
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            JsonNode name = TextNode.valueOf(entry.getKey());
            if (!satisfies(entry.getValue(), Members.property(alone, entry.getKey(), patterns), depth + 1)
                    || part.schema().has("propertyNames") && !satisfies(name, Term.ANY.and(part.at("propertyNames")), depth + 1)) {
                return false;
            }
        }
        return true;
    }
}
