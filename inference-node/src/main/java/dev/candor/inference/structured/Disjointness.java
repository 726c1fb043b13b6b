package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.NumberTexts.Range;
import dev.candor.inference.structured.Term.Part;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Proves that no value satisfies two branches of a {@code oneOf}, so that it may be read as an {@code anyOf}. */
final class Disjointness {
    private static final int MAX_DEPTH = 8;

    private final SchemaResolver resolver;
    private final Patterns patterns;
    private final SchemaValues values;
    private final WorkBudget budget;

    Disjointness(SchemaResolver resolver, Patterns patterns, SchemaValues values, WorkBudget budget) {
        this.resolver = resolver;
        this.patterns = patterns;
        this.values = values;
        this.budget = budget;
    }

    /**
     * @param term all that values must satisfy beside a branch of the part's {@code oneOf}
     * @throws SchemaProblem if the branches are not seen to exclude each other
     */
    void check(Term term, Part part) {
        JsonNode branches = part.schema().get("oneOf");
        for (int i = 0; i < branches.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!disjoint(term.and(part.at("oneOf", i)), term.and(part.at("oneOf", j)), 0)) {
                    throw new SchemaProblem(part, "oneOf", "the branches " + j + " and " + i + " of oneOf are not seen to exclude each other: "
                            + "use anyOf, or give them different types, or a required property with different const values");
                }
            }
        }
    }

    private boolean disjoint(Term first, Term second, int depth) {
        budget.spend(1);
        if (depth > MAX_DEPTH) {
            return false;
        }
        Term a = resolver.flat(first);
        Term b = resolver.flat(second);
        if (SchemaTranslator.isNothing(a) || SchemaTranslator.isNothing(b)) {
            return true;
        }
        List<Term> branches = branches(a);
        if (!branches.isEmpty()) {
            return branches.stream().allMatch(branch -> disjoint(branch, b, depth + 1));
        }
        branches = branches(b);
        if (!branches.isEmpty()) {
            return branches.stream().allMatch(branch -> disjoint(branch, a, depth + 1));
        }
        List<JsonNode> listed = listed(a);
        if (listed != null) {
            return listed.stream().noneMatch(value -> values.satisfies(value, a) && values.satisfies(value, b));
        }
        listed = listed(b);
        if (listed != null) {
            return listed.stream().noneMatch(value -> values.satisfies(value, a) && values.satisfies(value, b));
        }
        return common(a, b).stream().allMatch(type -> disjoint(type, a, b, depth));
    }

    private static List<Term> branches(Term term) {
        List<Term> branches = new ArrayList<>();
        for (Part part : term.parts()) {
            boolean any = part.schema().has("anyOf") && !part.has(Part.ANY_OF);
            if (any || part.schema().has("oneOf") && !part.has(Part.ONE_OF)) {
                String keyword = any ? "anyOf" : "oneOf";
                Term chosen = term.replacing(part, part.with(any ? Part.ANY_OF : Part.ONE_OF));
                for (int i = 0; i < part.schema().get(keyword).size(); i++) {
                    branches.add(chosen.and(part.at(keyword, i)));
                }
                return branches;
            }
        }
        return branches;
    }

    private static List<JsonNode> listed(Term term) {
        for (Part part : term.parts()) {
            if (part.schema().has("const")) {
                return List.of(part.schema().get("const"));
            }
            if (part.schema().has("enum")) {
                List<JsonNode> list = new ArrayList<>();
                part.schema().get("enum").forEach(list::add);
                return list;
            }
        }
        return null;
    }

    private static Set<JsonType> common(Term a, Term b) {
        Set<JsonType> common = EnumSet.noneOf(JsonType.class);
        Set<JsonType> other = JsonType.of(b);
        for (JsonType type : JsonType.of(a)) {
            boolean numeric = type == JsonType.NUMBER || type == JsonType.INTEGER;
            if (other.contains(type) || numeric && (other.contains(JsonType.NUMBER) || other.contains(JsonType.INTEGER))) {
                common.add(type);
            }
        }
        return common;
    }

    private boolean disjoint(JsonType type, Term a, Term b, int depth) {
        return switch (type) {
            case NULL, BOOLEAN -> false;
            case STRING -> patterns.strings(a).and(patterns.strings(b), budget).acceptsNothing();
            case NUMBER, INTEGER -> apart(NumberRange.of(a), NumberRange.of(b));
            case ARRAY -> arrays(a, b, depth);
            case OBJECT -> objects(a, b, depth);
        };
    }

    private static boolean apart(Range a, Range b) {
        return new Range(a.low(), a.lowOut(), b.high(), b.highOut(), null).isEmpty()
                || new Range(b.low(), b.lowOut(), a.high(), a.highOut(), null).isEmpty();
    }

    private boolean arrays(Term a, Term b, int depth) {
        int least = Math.max(Keywords.atLeast(a, "minItems"), Keywords.atLeast(b, "minItems"));
        if (least > Math.min(Keywords.atMost(a, "maxItems"), Keywords.atMost(b, "maxItems"))) {
            return true;
        }
        int looked = Math.min(least, Math.max(Members.prefix(a), Members.prefix(b)) + 1);
        for (int i = 0; i < looked; i++) {
            if (disjoint(Members.item(a, i), Members.item(b, i), depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean objects(Term a, Term b, int depth) {
        Set<String> required = Members.required(a);
        required.addAll(Members.required(b));
        for (String name : required) {
            if (disjoint(Members.property(a, name, patterns), Members.property(b, name, patterns), depth + 1)) {
                return true;
            }
        }
        return false;
    }
}
