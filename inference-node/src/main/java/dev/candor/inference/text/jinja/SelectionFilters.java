package dev.candor.inference.text.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** {@code map}, {@code select}, {@code reject}, {@code selectattr} and {@code rejectattr}, evaluated item by item on demand. */
final class SelectionFilters {
    private SelectionFilters() {
    }

    static Map<String, FilterFunction> table() {
        return Map.of("map", SelectionFilters::map,
                "select", (rt, v, a) -> select(rt, v, a, false, true),
                "reject", (rt, v, a) -> select(rt, v, a, false, false),
                "selectattr", (rt, v, a) -> select(rt, v, a, true, true),
                "rejectattr", (rt, v, a) -> select(rt, v, a, true, false));
    }

    private static Value deferred(Runtime runtime, Value value, Function<Iterator<Value>, Value.Lazy> selection) {
        return Iteration.deferred(runtime.budget(), () -> Truth.of(value)
                ? selection.apply(Iteration.of(value, runtime)).iterator() : Collections.emptyIterator());
    }

    private static Value map(Runtime runtime, Value value, Arguments arguments) {
        return deferred(runtime, value, all -> {
            Function<Value, Value> function = mapping(runtime, arguments);
            return Iteration.lazy(runtime.budget(), () -> all.hasNext() ? function.apply(all.next()) : null);
        });
    }

    private static Function<Value, Value> mapping(Runtime runtime, Arguments arguments) {
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            Bound bound = arguments.bind("map", 0, "attribute", "default");
            AttributePath path = AttributePath.of(runtime, bound.get(0));
            Value fallback = bound.hasValue(1) ? bound.get(1) : null;
            return item -> path.get(item, fallback);
        }
        if (arguments.positional().isEmpty()) {
            throw new JinjaError("map requires a filter argument");
        }
        String filter = runtime.str(arguments.positional().getFirst());
        return item -> runtime.filter(filter, item, arguments.from(1));
    }

    private static Value select(Runtime runtime, Value value, Arguments arguments, boolean byAttribute, boolean wanted) {
        return deferred(runtime, value, all -> {
            Predicate<Value> predicate = predicate(runtime, arguments, byAttribute);
            return Iteration.lazy(runtime.budget(), () -> {
                while (all.hasNext()) {
                    Value item = all.next();
                    if (predicate.test(item) == wanted) {
                        return item;
                    }
                }
                return null;
            });
        });
    }

    private static Predicate<Value> predicate(Runtime runtime, Arguments arguments, boolean byAttribute) {
        List<Value> given = arguments.positional();
        if (byAttribute && given.isEmpty()) {
            throw new JinjaError("Missing parameter for attribute name");
        }
        AttributePath path = byAttribute ? AttributePath.of(runtime, given.getFirst()) : null;
        int used = byAttribute ? 1 : 0;
        if (given.size() == used) {
            return item -> Truth.of(path == null ? item : path.get(item));
        }
        String test = runtime.str(given.get(used));
        Arguments rest = arguments.from(used + 1);
        return item -> runtime.test(test, path == null ? item : path.get(item), rest);
    }
}
