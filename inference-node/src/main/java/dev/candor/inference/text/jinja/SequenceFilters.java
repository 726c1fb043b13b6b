package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters over series and dicts that keep or regroup their entries. */
final class SequenceFilters {
    private SequenceFilters() {
    }

    static Map<String, FilterFunction> table() {
        Map<String, FilterFunction> table = new HashMap<>();
        table.put("default", SequenceFilters::fallback);
        table.put("d", SequenceFilters::fallback);
        table.put("list", (rt, v, a) -> {
            a.bind("list", 0);
            return rt.list(new ArrayList<>(rt.items(v)));
        });
        table.put("first", (rt, v, a) -> {
            a.bind("first", 0);
            Iterator<Value> all = Iteration.of(v, rt);
            return all.hasNext() ? all.next() : new Value.Undefined("No first item, sequence was empty.");
        });
        table.put("last", (rt, v, a) -> {
            a.bind("last", 0);
            List<Value> items = reversible(rt, v);
            return items.isEmpty() ? new Value.Undefined("No last item, sequence was empty.") : items.getLast();
        });
        table.put("reverse", SequenceFilters::reverse);
        table.put("items", SequenceFilters::items);
        table.put("batch", SequenceFilters::batch);
        table.put("slice", SequenceFilters::slice);
        table.put("sum", SequenceFilters::sum);
        table.put("attr", (rt, v, a) -> {
            String name = rt.str(a.bind("attr", 1, "name").get(0));
            return v instanceof Value.Dict && !(new Access(rt).attribute(v, name) instanceof Value.Callable)
                    ? new Value.Undefined("'dict object' has no attribute " + PyRepr.quote(name)) : new Access(rt).attribute(v, name);
        });
        return table;
    }

    private static Value fallback(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("default", 0, "default_value", "boolean");
        boolean missing = value instanceof Value.Undefined || bound.flag(1, false) && !Truth.of(value);
        return missing ? bound.get(0, Value.Str.EMPTY) : value;
    }

    private static List<Value> reversible(Runtime runtime, Value value) {
        if (value instanceof Value.Lazy) {
            throw new JinjaError("'" + value.typeName() + "' object is not reversible");
        }
        return runtime.items(value);
    }

    private static Value reverse(Runtime runtime, Value value, Arguments arguments) {
        arguments.bind("reverse", 0);
        if (value instanceof Value.Str text) {
            return runtime.text(new StringBuilder(text.text()).reverse().toString());
        }
        if (!Iteration.isIterable(value)) {
            throw new JinjaError("argument must be iterable");
        }
        List<Value> reversed = runtime.items(value).reversed();
        return value instanceof Value.Lazy ? runtime.list(reversed)
                : new Value.Lazy(value.typeName() + "_reverseiterator", reversed.iterator());
    }

    private static Value items(Runtime runtime, Value value, Arguments arguments) {
        arguments.bind("items", 0);
        return Iteration.deferred(runtime.budget(), () -> switch (value) {
            case Value.Undefined _ -> Collections.emptyIterator();
            case Value.Dict dict -> CollectionMethods.items(runtime, dict).iterator();
            default -> throw new JinjaError("Can only get item pairs from a mapping.");
        });
    }

    private static Value batch(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("batch", 1, "linecount", "fill_with");
        return Iteration.deferred(runtime.budget(), () -> batches(runtime, value, bound));
    }

    private static Iterator<Value> batches(Runtime runtime, Value value, Bound bound) {
        int size = bound.integer(0, 0);
        if (size < 1) {
            throw new JinjaError("batch() needs a linecount of at least 1");
        }
        List<Value> items = runtime.items(value);
        List<Value> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += size) {
            List<Value> batch = new ArrayList<>(items.subList(from, (int) Math.min(items.size(), (long) from + size)));
            if (batch.size() < size && bound.hasValue(1)) {
                runtime.budget().allocateEntries(size - batch.size());
                while (batch.size() < size) {
                    batch.add(bound.get(1));
                }
            }
            batches.add(runtime.list(batch));
            if (size > items.size()) {
                break;
            }
        }
        return batches.iterator();
    }

    private static Value slice(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("slice", 1, "slices", "fill_with");
        return Iteration.deferred(runtime.budget(), () -> slices(runtime, value, bound));
    }

    private static Iterator<Value> slices(Runtime runtime, Value value, Bound bound) {
        int slices = bound.integer(0, 0);
        if (slices < 1) {
            throw new JinjaError("slice() needs at least 1 slice");
        }
        runtime.budget().allocateEntries(2L * slices);
        List<Value> items = runtime.items(value);
        List<Value> made = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < slices; i++) {
            boolean longer = i < items.size() % slices;
            int end = at + items.size() / slices + (longer ? 1 : 0);
            List<Value> part = new ArrayList<>(items.subList(at, end));
            if (bound.hasValue(1) && !longer) {
                part.add(bound.get(1));
            }
            made.add(runtime.list(part));
            at = end;
        }
        return made.iterator();
    }

    private static Value sum(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("sum", 0, "attribute", "start");
        Operators operators = new Operators(runtime);
        Value sum = bound.get(1, Value.Int.of(0));
        if (sum instanceof Value.Str) {
            throw new JinjaError("sum() can't sum strings [use ''.join(seq) instead]");
        }
        for (Iterator<Value> all = Iteration.of(value, runtime); all.hasNext();) {
            Value item = all.next();
            sum = operators.binary("+", sum, bound.hasValue(0) ? AttributePath.of(runtime, bound.get(0)).get(item) : item);
        }
        return sum;
    }
}
