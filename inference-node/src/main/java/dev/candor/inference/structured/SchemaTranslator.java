package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Term.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a JSON Schema into rules: one for each set of places in it that a value must satisfy together, so that recursion ends and what is
 * used often is built once. Of one compilation.
 */
final class SchemaTranslator {
    private final ConstraintLimits limits;
    private final ProgramBuilder builder;
    private final JsonRules json;
    private final SchemaResolver resolver;
    private final Patterns patterns;
    private final SchemaValues values;
    private final Disjointness disjointness;
    private final Map<String, Integer> rules = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int enumValues;

    private record Open(int rule, Term term) {}

    SchemaTranslator(JsonNode schema, ConstraintLimits limits, ProgramBuilder builder, JsonRules json) {
        this.limits = limits;
        this.builder = builder;
        this.json = json;
        this.resolver = new SchemaResolver(schema, builder.budget());
        this.patterns = new Patterns(builder.budget());
        this.values = new SchemaValues(resolver, patterns, builder.budget());
        this.disjointness = new Disjointness(resolver, patterns, values, builder.budget());
    }

    int emit(int end) throws UnsupportedGrammarException {
        try {
            int root = rule(Term.ANY.and(resolver.root()));
            while (!open.isEmpty()) {
                Open next = open.poll();
                builder.start(next.rule, body(resolver.flat(next.term)));
            }
            return builder.call(root, end);
        } catch (SchemaProblem problem) {
            throw problem.forUser();
        }
    }

    /** The rule of the values that satisfy a term; it gets its content later. */
    int rule(Term term) {
        return rules.computeIfAbsent(term.key(), key -> {
            int rule = builder.newRule();
            open.add(new Open(rule, term));
            return rule;
        });
    }

    ProgramBuilder builder() {
        return builder;
    }

    JsonRules json() {
        return json;
    }

    Patterns patterns() {
        return patterns;
    }

    SchemaValues values() {
        return values;
    }

    ConstraintLimits limits() {
        return limits;
    }

    /** Everything that a term leads to without a choice. */
    Term flat(Term term) {
        return resolver.flat(term);
    }

    /** Whether {@code false} is among the parts. */
    static boolean isNothing(Term flat) {
        return flat.parts().stream().anyMatch(part -> part.schema().isBoolean());
    }

    /** A dead end. */
    int contradiction(Part part, String keyword, String problem) {
        builder.contradiction(new SchemaProblem(part, keyword, problem));
        return builder.deadEnd();
    }

    private int body(Term flat) {
        if (isNothing(flat)) {
            return builder.deadEnd();
        }
        if (flat.parts().isEmpty()) {
            return json.value(builder.end());
        }
        for (Part part : flat.parts()) {
            if (part.schema().has("anyOf") && !part.has(Part.ANY_OF)) {
                return choice(flat, part, "anyOf", Part.ANY_OF);
            }
            if (part.schema().has("oneOf") && !part.has(Part.ONE_OF)) {
                disjointness.check(flat.replacing(part, part.with(Part.ONE_OF)), part);
                return choice(flat, part, "oneOf", Part.ONE_OF);
            }
        }
        for (Part part : flat.parts()) {
            if (part.schema().has("const")) {
                return listed(flat, part, "const", List.of(part.schema().get("const")));
            }
            if (part.schema().has("enum")) {
                List<JsonNode> list = new ArrayList<>();
                part.schema().get("enum").forEach(list::add);
                return listed(flat, part, "enum", list);
            }
        }
        return typed(flat);
    }

    private int choice(Term flat, Part part, String keyword, int way) {
        int end = builder.end();
        Term chosen = flat.replacing(part, part.with(way));
        int[] ways = new int[part.schema().get(keyword).size()];
        for (int i = 0; i < ways.length; i++) {
            ways[i] = builder.call(rule(chosen.and(part.at(keyword, i))), end);
        }
        return builder.either(ways);
    }

    private int listed(Term flat, Part part, String keyword, List<JsonNode> list) {
        enumValues += list.size();
        if (enumValues > limits.enumValues()) {
            throw new SchemaProblem(part, keyword, "more than " + limits.enumValues() + " values of enum in a schema");
        }
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode value : list) {
            if (values.satisfies(value, flat)) {
                String text = JsonText.of(value);
                if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                    throw new SchemaProblem(part, keyword, "a value holds half a surrogate pair");
                }
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            return contradiction(part, keyword, "none of its values satisfies what else the schema says");
        }
        return builder.text(Dfa.of(texts, builder.budget()), builder.end());
    }

    private int typed(Term flat) {
        int end = builder.end();
        Set<JsonType> types = JsonType.of(flat);
        if (types.isEmpty()) {
            return contradiction(flat.parts().getLast(), "type", "no type is left that all parts of the schema allow");
        }
        int[] ways = types.stream().mapToInt(type -> typed(type, flat, end)).toArray();
        return builder.either(ways);
    }

    private int typed(JsonType type, Term flat, int end) {
        return switch (type) {
            case NULL -> builder.literal("null", end);
            case BOOLEAN -> builder.either(builder.literal("true", end), builder.literal("false", end));
            case STRING -> string(flat, end);
            case NUMBER -> number(flat, false, end);
            case INTEGER -> number(flat, true, end);
            case ARRAY -> new ArrayRule(this, flat).emit(end);
            case OBJECT -> new ObjectRule(this, flat).emit(end);
        };
    }

    private int string(Term flat, int end) {
        int min = Keywords.atLeast(flat, "minLength");
        int max = Keywords.atMost(flat, "maxLength");
        Part last = flat.parts().getLast();
        if (max < min) {
            return contradiction(last, "maxLength", "maxLength is below minLength");
        }
        if (patterns.of(flat).isEmpty()) {
            return min == 0 && max == Integer.MAX_VALUE ? json.string(end) : json.string(min, max, end);
        }
        Dfa strings = patterns.strings(flat);
        if (strings.acceptsNothing()) {
            return contradiction(last, "pattern", "no string satisfies its pattern, format and length together");
        }
        return builder.literal("\"", builder.jsonText(strings, builder.literal("\"", end)));
    }

    private int number(Term flat, boolean integer, int end) {
        NumberTexts.Range range = NumberRange.of(flat);
        if (range.isFree()) {
            return integer ? json.integer(end) : json.number(end);
        }
        Part last = flat.parts().getLast();
        Dfa numbers = NumberTexts.of(range, integer, builder.budget());
        if (numbers == null) {
            throw new SchemaProblem(last, "minimum", "bounds and divisors of numbers may have up to 40 digits, divisors up to 9");
        }
        if (numbers.acceptsNothing()) {
            return contradiction(last, "maximum", "no number lies within its bounds");
        }
        return builder.text(numbers, end);
    }
}
