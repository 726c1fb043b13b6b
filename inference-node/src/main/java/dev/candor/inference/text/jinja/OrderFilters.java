package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Filters that sort, or look for what is equal, smallest or largest. */
final class OrderFilters {
    private OrderFilters() {
    }

    static Map<String, FilterFunction> table() {
        Map<String, FilterFunction> table = new HashMap<>();
        table.put("sort", OrderFilters::sort);
        table.put("dictsort", OrderFilters::dictSort);
        table.put("unique", OrderFilters::unique);
        table.put("groupby", OrderFilters::groupBy);
        table.put("min", (rt, v, a) -> extreme(rt, v, a.bind("min", 0, "case_sensitive", "attribute"), -1));
        table.put("max", (rt, v, a) -> extreme(rt, v, a.bind("max", 0, "case_sensitive", "attribute"), 1));
        return table;
    }

    private static Value folded(Value value) {
        return value instanceof Value.Str text ? new Value.Str(text.text().toLowerCase(Locale.ROOT)) : value;
    }

    /** What an item is compared by; {@code attribute} may be null. */
    private static Function<Value, Value> key(Runtime runtime, Value attribute, boolean caseSensitive, Value fallback) {
        AttributePath path = attribute == null || attribute == Value.None.NONE ? null : AttributePath.of(runtime, attribute);
        return item -> {
            Value key = path == null ? item : path.get(item, fallback);
            return caseSensitive ? key : folded(key);
        };
    }

    private static List<Value> sorted(Runtime runtime, List<Value> items, Function<Value, Value> key, boolean reverse) {
        record Keyed(Value key, Value item) {
        }
        Comparison comparison = new Comparison(runtime);
        Comparator<Keyed> order = (a, b) -> {
            int result = comparison.order("<", a.key(), b.key());
            return result == 2 ? 0 : result;
        };
        runtime.budget().allocateEntries(2L * items.size());
        try {
            return items.stream().map(item -> new Keyed(key.apply(item), item)).sorted(reverse ? order.reversed() : order)
                    .map(Keyed::item).toList();
        } catch (IllegalArgumentException e) {
            throw new JinjaError("the values have no order (is one of them nan?)");
        }
    }

    private static Value sort(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        boolean caseSensitive = bound.flag(1, false);
        List<Function<Value, Value>> keys = new ArrayList<>();
        if (bound.get(2) instanceof Value.Str several) {
            for (String one : several.text().split(",", -1)) {
                keys.add(key(runtime, new Value.Str(one), caseSensitive, null));
            }
        } else {
            keys.add(key(runtime, bound.get(2), caseSensitive, null));
        }
        Function<Value, Value> key = item -> new Value.ListValue(keys.stream().map(each -> each.apply(item)).toList());
        return new Value.ListValue(sorted(runtime, runtime.items(value), key, bound.flag(0, false)));
    }

    private static Value dictSort(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        if (!(value instanceof Value.Dict dict)) {
            throw value instanceof Value.Undefined undefined ? undefined.error()
                    : new JinjaError("'" + value.typeName() + " object' has no attribute 'items'");
        }
        int position = switch (bound.text(1, "key")) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw new JinjaError("You can only sort by either \"key\" or \"value\"");
        };
        boolean caseSensitive = bound.flag(0, false);
        Function<Value, Value> key = pair -> {
            Value part = ((Value.Tuple) pair).items().get(position);
            return caseSensitive ? part : folded(part);
        };
        return new Value.ListValue(sorted(runtime, CollectionMethods.items(runtime, dict), key, bound.flag(2, false)));
    }

    private static Value unique(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
        return Iteration.deferred(runtime.budget(), () -> unique(runtime, value, bound).iterator());
    }

    private static List<Value> unique(Runtime runtime, Value value, Bound bound) {
        Function<Value, Value> key = key(runtime, bound.get(1), bound.flag(0, false), null);
        Set<Object> seen = new HashSet<>();
        List<Value> unique = new ArrayList<>();
        for (Value item : runtime.items(value)) {
            runtime.budget().allocateEntries(1);
            if (seen.add(DictKeys.of(key.apply(item), runtime.budget()))) {
                unique.add(item);
            }
        }
        return unique;
    }

    private static Value groupBy(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("groupby", 1, "attribute", "default", "case_sensitive");
        Value fallback = bound.hasValue(1) ? bound.get(1) : null;
        Function<Value, Value> folded = key(runtime, bound.get(0), bound.flag(2, false), fallback);
        Function<Value, Value> shown = key(runtime, bound.get(0), true, fallback);
        Comparison comparison = new Comparison(runtime);
        List<Value> groups = new ArrayList<>();
        List<Value> group = new ArrayList<>();
        Value groupKey = null;
        for (Value item : sorted(runtime, runtime.items(value), folded, false)) {
            Value key = folded.apply(item);
            if (groupKey == null || !comparison.equal(groupKey, key)) {
                group = new ArrayList<>();
                groups.add(new Value.Tuple(List.of(shown.apply(item), new Value.ListValue(group)), List.of("grouper", "list")));
                groupKey = key;
            }
            runtime.budget().allocateEntries(1);
            group.add(item);
        }
        return new Value.ListValue(groups);
    }

    private static Value extreme(Runtime runtime, Value value, Bound bound, int sign) {
        Function<Value, Value> key = key(runtime, bound.get(1), bound.flag(0, false), null);
        Comparison comparison = new Comparison(runtime);
        Value best = null;
        for (Value item : runtime.items(value)) {
            if (best == null || comparison.holds(sign < 0 ? "<" : ">", key.apply(item), key.apply(best))) {
                best = item;
            }
        }
        return best == null ? new Value.Undefined("No aggregated item, sequence was empty.") : best;
    }
}
