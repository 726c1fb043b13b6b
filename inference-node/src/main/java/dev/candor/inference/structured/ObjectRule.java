package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.candor.inference.structured.Term.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Objects that satisfy a term: described properties in their order, then others. Behind how many properties an object is counts only as far
 * as commas and the bounds of {@code minProperties} and {@code maxProperties} need it.
 */
final class ObjectRule {
    private static final int MAX_PATTERNS = 4;
    /** So many names are treated as if each were described. */
    private static final int FEW_NAMES = 256;

    private final SchemaTranslator translator;
    private final ProgramBuilder builder;
    private final JsonRules json;
    private final Term term;
    private final int min;
    private final int max;
    private final int cap;
    private final List<Property> properties = new ArrayList<>();
    private final Map<Dfa, Term> others;

    private record Property(String name, boolean required, Term value) {}

    ObjectRule(SchemaTranslator translator, Term term) {
        this.translator = translator;
        this.builder = translator.builder();
        this.json = translator.json();
        this.term = term;
        this.min = Keywords.atLeast(term, "minProperties");
        Set<String> names = Members.names(term);
        if (names.size() > translator.limits().properties()) {
            throw new SchemaProblem(term.parts().getLast(), "properties", "more than " + translator.limits().properties() + " properties of an object");
        }
        Term namesTerm = propertyNames();
        Set<String> required = Members.required(term);
        for (String name : names) {
            Term value = Members.property(term, name, translator.patterns());
            if (required.contains(name) || translator.values().satisfies(TextNode.valueOf(name), namesTerm)) {
                boolean possible = translator.values().satisfies(TextNode.valueOf(name), namesTerm) && !SchemaTranslator.isNothing(translator.flat(value));
                add(name, required.contains(name), value, possible);
            }
        }
        this.others = others(names, namesTerm);
        int most = Keywords.atMost(term, "maxProperties");
        this.max = others.isEmpty() && most >= properties.size() ? Integer.MAX_VALUE : most;
        this.cap = max == Integer.MAX_VALUE ? Math.max(1, min) : max;
    }

    private void add(String name, boolean required, Term value, boolean possible) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new SchemaProblem(term.parts().getLast(), "properties", "a property's name holds half a surrogate pair");
        }
        if (possible) {
            properties.add(new Property(name, required, value));
        } else if (required) {
            translator.contradiction(term.parts().getLast(), "required", "the property " + name + " is required, but no value of it is allowed");
            properties.add(new Property(name, true, null));
        }
    }

    private Term propertyNames() {
        Term names = Term.ANY;
        for (Part part : term.parts()) {
            names = part.schema().has("propertyNames") ? names.and(part.at("propertyNames")) : names;
        }
        return translator.flat(names);
    }

    /** By names that are not described one by one, what their values must satisfy. */
    private Map<Dfa, Term> others(Set<String> names, Term namesTerm) {
        WorkBudget budget = builder.budget();
        Map<Dfa, Term> others = new LinkedHashMap<>();
        List<PatternOf> patterns = patternProperties();
        for (int matched = 0; matched < 1 << patterns.size(); matched++) {
            Term value = Term.ANY;
            for (Part part : term.parts()) {
                value = other(part, patterns, matched, value);
            }
            if (SchemaTranslator.isNothing(translator.flat(value))) {
                continue;
            }
            Dfa keys = namesDfa(namesTerm).without(Dfa.of(names, budget), budget);
            for (int i = 0; i < patterns.size(); i++) {
                Dfa pattern = patterns.get(i).names;
                keys = (matched >> i & 1) == 1 ? keys.and(pattern, budget) : keys.without(pattern, budget);
            }
            int count = keys.countTexts()[0];
            if (count <= FEW_NAMES) {
                for (String name : keys.texts()) {
                    add(name, false, value, true);
                }
            } else {
                others.put(keys, value);
            }
        }
        return others;
    }

    private record PatternOf(Part part, String pattern, Dfa names) {}

    private List<PatternOf> patternProperties() {
        List<PatternOf> patterns = new ArrayList<>();
        for (Part part : term.parts()) {
            part.schema().path("patternProperties").fieldNames().forEachRemaining(pattern ->
                    patterns.add(new PatternOf(part, pattern, translator.patterns().unanchored(part, "patternProperties", pattern))));
        }
        if (patterns.size() > MAX_PATTERNS) {
            throw new SchemaProblem(patterns.getLast().part, "patternProperties", "more than " + MAX_PATTERNS + " patterns for one object's properties");
        }
        return patterns;
    }

    private static Term other(Part part, List<PatternOf> patterns, int matched, Term value) {
        Term all = value;
        boolean described = false;
        for (int i = 0; i < patterns.size(); i++) {
            if ((matched >> i & 1) == 1 && patterns.get(i).part.equals(part)) {
                all = all.and(part.at("patternProperties", patterns.get(i).pattern));
                described = true;
            }
        }
        return !described && part.schema().has("additionalProperties") ? all.and(part.at("additionalProperties")) : all;
    }

    private Dfa namesDfa(Term namesTerm) {
        List<String> listed = null;
        for (Part part : namesTerm.parts()) {
            JsonNode schema = part.schema();
            if (schema.isBoolean() || !JsonType.of(part).contains(JsonType.STRING)) {
                return Dfa.of(List.of(), builder.budget());
            }
            if (schema.has("anyOf") || schema.has("oneOf")) {
                throw new SchemaProblem(part, "propertyNames", "anyOf and oneOf are not supported in propertyNames: use pattern or enum");
            }
            if (schema.has("enum") || schema.has("const")) {
                listed = new ArrayList<>();
                for (JsonNode value : schema.has("const") ? List.of(schema.get("const")) : schema.get("enum")) {
                    if (value.isTextual() && translator.values().satisfies(value, namesTerm)) {
                        listed.add(value.textValue());
                    }
                }
            }
        }
        return listed == null ? translator.patterns().strings(namesTerm) : Dfa.of(listed, builder.budget());
    }

    int emit(int end) {
        if (max < min) {
            return translator.contradiction(term.parts().getLast(), "maxProperties", "maxProperties is below minProperties");
        }
        int close = builder.bytes('}', '}', end);
        int spaced = json.space(close);
        int[] keys = new int[cap + 1];
        int[] others = otherKeys(spaced);
        System.arraycopy(others, 0, keys, 0, keys.length);
        boolean optional = true;
        for (int i = properties.size() - 1; i >= 0; i--) {
            Property property = properties.get(i);
            int[] before = new int[cap + 1];
            for (int count = 0; count <= Math.min(cap, i); count++) {
                int with = count < max ? member(property, behind(keys, Math.min(count + 1, cap), optional, spaced)) : builder.deadEnd();
                before[count] = property.required ? with : builder.either(with, keys[count]);
            }
            keys = before;
            optional &= !property.required;
        }
        int begin = optional && min == 0 ? builder.either(keys[0], close) : keys[0];
        return builder.open(json.space(begin));
    }

    /** Behind a property: a comma and one of the next keys, or the end. */
    private int behind(int[] keys, int count, boolean mayEnd, int spaced) {
        boolean ends = mayEnd && count >= min;
        if (count >= max) {
            return ends ? spaced : builder.deadEnd();
        }
        int more = builder.bytes(',', ',', json.space(keys[count]));
        return ends ? builder.either(more, spaced) : more;
    }

    private int member(Property property, int next) {
        if (property.value == null) {
            return builder.deadEnd();
        }
        int value = json.gap(builder.call(translator.rule(property.value), next));
        return builder.literal(JsonText.quoted(property.name) + ":", value);
    }

    /** By count: one or more properties that are not described one by one. */
    private int[] otherKeys(int spaced) {
        int[] keys = new int[cap + 1];
        for (int count = 0; count <= cap; count++) {
            keys[count] = builder.deadEnd();
        }
        for (int count = 0; count <= cap && !others.isEmpty(); count++) {
            if (count < max) {
                int after = behind(keys, Math.min(count + 1, cap), true, spaced);
                builder.lead(keys[count], others.entrySet().stream()
                        .mapToInt(other -> otherMember(other.getKey(), other.getValue(), after)).toArray());
            }
        }
        return keys;
    }

    private int otherMember(Dfa names, Term value, int next) {
        return builder.key(names, builder.bytes(':', ':', json.gap(builder.call(translator.rule(value), next))));
    }
}
