package dev.candor.inference.structured;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Term.Part;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows {@code $ref} and {@code allOf}. Of one schema document. */
final class SchemaResolver {
    private static final int MAX_HOPS = 100;
    /** Keywords whose values are no schemas. */
    private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples");

    private final JsonNode root;
    private final WorkBudget budget;
    private final String base;
    private final Map<String, Part> anchors = new HashMap<>();
    private final Set<String> checked = new HashSet<>();

    SchemaResolver(JsonNode root, WorkBudget budget) {
        this.root = root;
        this.budget = budget;
        this.base = root.path("$id").asText("").replaceAll("#.*$", "");
        findAnchors(new Part("", root, 0));
    }

    private void findAnchors(Part part) {
        if (part.schema().isObject()) {
            String anchor = part.schema().path("$anchor").asText("");
            if (!anchor.isEmpty()) {
                anchors.putIfAbsent(anchor, part);
            }
            part.schema().properties().stream()
                    .filter(entry -> !VALUES.contains(entry.getKey()))
                    .forEach(entry -> findAnchors(part.at(entry.getKey())));
        } else if (part.schema().isArray()) {
            for (int i = 0; i < part.schema().size(); i++) {
                findAnchors(new Part(part.pointer() + "/" + i, part.schema().get(i), 0));
            }
        }
    }

    Part root() {
        return new Part("", root, 0);
    }

    /** The same with everything that {@code $ref} and {@code allOf} lead to; {@code false} among the parts means that nothing satisfies it. */
    Term flat(Term term) {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Part part : term.parts()) {
            add(part, parts, new ArrayList<>());
        }
        return new Term(List.copyOf(parts.values()));
    }

    private void add(Part part, Map<String, Part> parts, List<String> on) {
        budget.spend(1);
        if (checked.add(part.pointer())) {
            Keywords.check(part);
            if (part.schema().has("$id") && !part.pointer().isEmpty()) {
                throw new SchemaProblem(part, "$id", "$id is supported at the schema's root only: refer to parts by $defs or $anchor");
            }
        }
        if (part.schema().isBoolean() && part.schema().booleanValue()) {
            return;
        }
        if (on.contains(part.pointer())) {
            throw new SchemaProblem(part, "$ref", "the reference leads back to itself");
        }
        if (on.size() >= MAX_HOPS) {
            throw new SchemaProblem(part, "$ref", "more than " + MAX_HOPS + " references one behind the other");
        }
        if (!part.has(Part.ALL_OF)) {
            on.add(part.pointer());
            JsonNode ref = part.schema().get("$ref");
            if (ref != null) {
                add(target(part, ref.textValue()), parts, on);
            }
            JsonNode all = part.schema().path("allOf");
            for (int i = 0; i < all.size(); i++) {
                add(part.at("allOf", i), parts, on);
            }
            on.removeLast();
        }
        // A place that is reached once more behind a choice of its own has that choice to make again.
        Part open = part.with(Part.ALL_OF);
        parts.merge(part.pointer(), open, (a, b) -> new Part(a.pointer(), a.schema(), a.opened() & b.opened()));
    }

    private Part target(Part part, String ref) {
        String local = !base.isEmpty() && ref.startsWith(base) ? ref.substring(base.length()) : ref;
        if (local.isEmpty() || local.equals("#")) {
            return root();
        }
        if (!local.startsWith("#")) {
            throw new SchemaProblem(part, "$ref", "the reference " + ref + " leads out of the schema: only references within it (#/$defs/…) are followed");
        }
        String fragment = URLDecoder.decode(local.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        Part found = fragment.startsWith("/") ? at(part, ref, fragment) : anchors.get(fragment);
        if (found == null) {
            throw new SchemaProblem(part, "$ref", "the reference " + ref + " leads nowhere");
        }
        return found;
    }

    private Part at(Part part, String ref, String pointer) {
        JsonNode target = root.at(JsonPointer.compile(pointer));
        if (target.isMissingNode()) {
            throw new SchemaProblem(part, "$ref", "the reference " + ref + " leads nowhere");
        }
        return new Part(pointer, target, 0);
    }
}
