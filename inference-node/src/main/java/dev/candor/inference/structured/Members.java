package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Term.Part;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a term says of the items of an array and the properties of an object. */
final class Members {
    private Members() {}

    /** Of the item at a place. */
    static Term item(Term term, int index) {
        Term item = Term.ANY;
        for (Part part : term.parts()) {
            if (index < part.schema().path("prefixItems").size()) {
                item = item.and(part.at("prefixItems", index));
            } else if (part.schema().has("items")) {
                item = item.and(part.at("items"));
            }
        }
        return item;
    }

    /** How many items are described one by one. */
    static int prefix(Term term) {
        return term.parts().stream().mapToInt(part -> part.schema().path("prefixItems").size()).max().orElse(0);
    }

    /** Of the property of a name, whether it is described by that or not. */
    static Term property(Term term, String name, Patterns patterns) {
        Term property = Term.ANY;
        for (Part part : term.parts()) {
            boolean described = part.schema().path("properties").has(name);
            if (described) {
                property = property.and(part.at("properties", name));
            }
            for (Map.Entry<String, JsonNode> entry : part.schema().path("patternProperties").properties()) {
                if (patterns.unanchored(part, "patternProperties", entry.getKey()).accepts(name)) {
                    property = property.and(part.at("patternProperties", entry.getKey()));
                    described = true;
                }
            }
            if (!described && part.schema().has("additionalProperties")) {
                property = property.and(part.at("additionalProperties"));
            }
        }
        return property;
    }

    /** The names that a term describes or requires, in their order. */
    static Set<String> names(Term term) {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : term.parts()) {
            part.schema().path("properties").fieldNames().forEachRemaining(names::add);
        }
        names.addAll(required(term));
        return names;
    }

    static Set<String> required(Term term) {
        Set<String> required = new LinkedHashSet<>();
        for (Part part : term.parts()) {
            part.schema().path("required").forEach(name -> required.add(name.textValue()));
        }
        return required;
    }
}
