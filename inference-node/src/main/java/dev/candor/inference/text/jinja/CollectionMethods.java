package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The methods of dicts, lists and tuples that change nothing. */
final class CollectionMethods {
    private static final Set<String> DICT_MUTATORS = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> LIST_MUTATORS = Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    private CollectionMethods() {
    }

    static boolean isMutator(Value object, String name) {
        return object instanceof Value.Dict && DICT_MUTATORS.contains(name)
                || object instanceof Value.ListValue && LIST_MUTATORS.contains(name);
    }

    /** The bound method, or null if there is none of that name. */
    static Value of(Value.Dict dict, String name) {
        return switch (name) {
            case "get" -> Value.Callable.builtin(name, (runtime, arguments) -> get(runtime, dict, arguments));
            case "items" -> Value.Callable.builtin(name, (runtime, arguments) -> {
                arguments.bind(name, 0);
                return new Value.DictView("dict_items", items(runtime, dict));
            });
            case "keys" -> Value.Callable.builtin(name, (runtime, arguments) -> {
                arguments.bind(name, 0);
                runtime.budget().allocateEntries(dict.entries().size());
                return new Value.DictView("dict_keys", dict.entries().values().stream().map(Value.DictEntry::key).toList());
            });
            case "values" -> Value.Callable.builtin(name, (runtime, arguments) -> {
                arguments.bind(name, 0);
                runtime.budget().allocateEntries(dict.entries().size());
                return new Value.DictView("dict_values", dict.entries().values().stream().map(Value.DictEntry::value).toList());
            });
            case "copy" -> Value.Callable.builtin(name, (_, arguments) -> {
                arguments.bind(name, 0);
                return dict;
            });
            default -> null;
        };
    }

    static List<Value> items(Runtime runtime, Value.Dict dict) {
        runtime.budget().allocateEntries(3L * dict.entries().size());
        List<Value> items = new ArrayList<>(dict.entries().size());
        dict.entries().values().forEach(entry -> items.add(Value.Tuple.of(entry.key(), entry.value())));
        return items;
    }

    private static Value get(Runtime runtime, Value.Dict dict, Arguments arguments) {
        Bound bound = arguments.bind("get", 1, "key", "default");
        Value.DictEntry entry = dict.entries().get(DictKeys.of(bound.get(0), runtime.budget()));
        return entry == null ? bound.get(1, Value.None.NONE) : entry.value();
    }

    /** The bound method, or null if there is none of that name. */
    static Value of(Value.Sequence sequence, String name) {
        return switch (name) {
            case "index" -> Value.Callable.builtin(name, (runtime, arguments) -> index(runtime, sequence, arguments));
            case "count" -> Value.Callable.builtin(name, (runtime, arguments) -> count(runtime, sequence, arguments));
            case "copy" -> sequence instanceof Value.ListValue ? Value.Callable.builtin(name, (_, arguments) -> {
                arguments.bind(name, 0);
                return sequence;
            }) : null;
            default -> null;
        };
    }

    private static Value index(Runtime runtime, Value.Sequence sequence, Arguments arguments) {
        Bound bound = arguments.bind("index", 1, "value", "start", "stop");
        Comparison comparison = new Comparison(runtime);
        Slice range = Slice.of(bound.get(1), bound.get(2), null, sequence.items().size());
        for (int i = 0; i < range.count(); i++) {
            if (comparison.equal(sequence.items().get(range.first() + i), bound.get(0))) {
                return Value.Int.of(range.first() + i);
            }
        }
        throw new JinjaError(PyRepr.repr(bound.get(0), runtime.budget()) + " is not in " + sequence.typeName());
    }

    private static Value count(Runtime runtime, Value.Sequence sequence, Arguments arguments) {
        Value wanted = arguments.bind("count", 1, "value").get(0);
        Comparison comparison = new Comparison(runtime);
        return Value.Int.of(sequence.items().stream().filter(item -> comparison.equal(item, wanted)).count());
    }
}
