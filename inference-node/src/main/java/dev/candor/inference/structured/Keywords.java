package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Term.Part;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/** Checks which keywords a schema uses, and reads their values. */
final class Keywords {
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry("not", "describe what is allowed instead"),
            Map.entry("if", "use anyOf"), Map.entry("then", "use anyOf"), Map.entry("else", "use anyOf"),
            Map.entry("dependentSchemas", "use anyOf"), Map.entry("dependentRequired", "use anyOf"), Map.entry("dependencies", "use anyOf"),
            Map.entry("contains", "use prefixItems or items"), Map.entry("minContains", "use minItems"),
            Map.entry("maxContains", "use maxItems"), Map.entry("unevaluatedProperties", "use additionalProperties"),
            Map.entry("unevaluatedItems", "use items"), Map.entry("$dynamicRef", "use $ref"), Map.entry("$recursiveRef", "use $ref"),
            Map.entry("additionalItems", "use prefixItems and items of draft 2020-12"));
    private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties", "propertyNames");
    private static final Set<String> SCHEMA_LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> SCHEMA_MAPS = Set.of("properties", "patternProperties", "$defs", "definitions");
    private static final Set<String> COUNTS = Set.of("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties");
    private static final Set<String> NUMBERS = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final Set<String> TEXTS = Set.of("pattern", "format", "$ref", "$anchor");

    private Keywords() {}

    /** @throws SchemaProblem if a keyword is unsupported, or its value is none that it may have */
    static void check(Part part) {
        if (part.schema().isBoolean()) {
            return;
        }
        if (!part.schema().isObject()) {
            throw new SchemaProblem(part, "schema", "a schema is an object, true or false");
        }
        for (Map.Entry<String, JsonNode> entry : part.schema().properties()) {
            check(part, entry.getKey(), entry.getValue());
        }
    }

    private static void check(Part part, String keyword, JsonNode value) {
        if (UNSUPPORTED.containsKey(keyword) && !harmless(keyword, value)) {
            throw new SchemaProblem(part, keyword, "the keyword " + keyword + " is not supported: " + UNSUPPORTED.get(keyword));
        }
        if (keyword.equals("uniqueItems")) {
            require(part, keyword, value.isBoolean(), "true or false");
            if (value.booleanValue()) {
                throw new SchemaProblem(part, keyword, "the keyword uniqueItems is not supported: an automaton cannot remember all items");
            }
        }
        if (SCHEMAS.contains(keyword)) {
            require(part, keyword, value.isObject() || value.isBoolean(), "a schema (for a list of them use prefixItems)");
        } else if (SCHEMA_LISTS.contains(keyword)) {
            require(part, keyword, value.isArray() && !value.isEmpty(), "a list of schemas that is not empty");
        } else if (SCHEMA_MAPS.contains(keyword)) {
            require(part, keyword, value.isObject(), "an object of schemas");
        } else if (COUNTS.contains(keyword)) {
            require(part, keyword, value.isNumber() && value.decimalValue().signum() >= 0 && whole(value), "a whole number, 0 or more");
        } else if (NUMBERS.contains(keyword)) {
            require(part, keyword, value.isNumber() && (!keyword.equals("multipleOf") || value.decimalValue().signum() > 0),
                    keyword.equals("multipleOf") ? "a number above 0" : "a number");
        } else if (TEXTS.contains(keyword)) {
            require(part, keyword, value.isTextual(), "a string");
        } else if (keyword.equals("enum") || keyword.equals("required")) {
            require(part, keyword, value.isArray(), "a list");
        }
        if (keyword.equals("required")) {
            value.forEach(name -> require(part, keyword, name.isTextual(), "a list of strings"));
        }
    }

    private static boolean harmless(String keyword, JsonNode value) {
        return keyword.startsWith("unevaluated") && value.isBoolean() && value.booleanValue();
    }

    private static boolean whole(JsonNode value) {
        return value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static void require(Part part, String keyword, boolean holds, String what) {
        if (!holds) {
            throw new SchemaProblem(part, keyword, keyword + " must be " + what);
        }
    }

    /** The largest value of a keyword that gives a least count; 0 without. */
    static int atLeast(Term term, String keyword) {
        return term.parts().stream().mapToInt(part -> count(part, keyword, 0)).max().orElse(0);
    }

    /** The smallest value of a keyword that gives a greatest count; {@link Integer#MAX_VALUE} without. */
    static int atMost(Term term, String keyword) {
        return term.parts().stream().mapToInt(part -> count(part, keyword, Integer.MAX_VALUE)).min().orElse(Integer.MAX_VALUE);
    }

    private static int count(Part part, String keyword, int otherwise) {
        JsonNode value = part.schema().get(keyword);
        if (value == null) {
            return otherwise;
        }
        BigDecimal count = value.decimalValue();
        return count.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) >= 0 ? Integer.MAX_VALUE : count.intValue();
    }
}
