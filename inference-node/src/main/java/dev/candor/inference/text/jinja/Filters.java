package dev.candor.inference.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** All filters by name. */
final class Filters {
    private static final Map<String, FilterFunction> ALL = all();

    private Filters() {
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static FilterFunction named(String name) {
        FilterFunction filter = ALL.get(name);
        if (filter == null) {
            throw new JinjaError("No filter named '" + name + "'.");
        }
        return filter;
    }

    private static Map<String, FilterFunction> all() {
        Map<String, FilterFunction> all = new HashMap<>();
        all.putAll(TextFilters.table());
        all.putAll(NumberFilters.table());
        all.putAll(SequenceFilters.table());
        all.putAll(OrderFilters.table());
        all.putAll(SelectionFilters.table());
        return Map.copyOf(all);
    }
}
