package dev.candor.inference.text.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** All tests by name. */
final class Tests {
    private static final Map<String, TestFunction> ALL = all();

    private Tests() {
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static TestFunction named(String name) {
        TestFunction test = ALL.get(name);
        if (test == null) {
            throw new JinjaError("No test named '" + name + "'.");
        }
        return test;
    }

    private static Map<String, TestFunction> all() {
        Map<String, TestFunction> all = new HashMap<>();
        simple(all, "defined", value -> !(value instanceof Value.Undefined));
        simple(all, "undefined", value -> value instanceof Value.Undefined);
        simple(all, "none", value -> value == Value.None.NONE);
        simple(all, "boolean", value -> value instanceof Value.Bool);
        simple(all, "true", value -> value == Value.Bool.TRUE);
        simple(all, "false", value -> value == Value.Bool.FALSE);
        simple(all, "integer", value -> value instanceof Value.Int);
        simple(all, "float", value -> value instanceof Value.Real);
        simple(all, "number", Numbers::isNumber);
        simple(all, "string", value -> value instanceof Value.Str);
        simple(all, "mapping", value -> value instanceof Value.Dict);
        simple(all, "iterable", value -> Iteration.isIterable(value) || value instanceof LoopHelper);
        simple(all, "sequence", Tests::isSequence);
        simple(all, "callable", value -> value instanceof Value.Callable || value instanceof Value.Helper || value instanceof Value.Undefined);
        simple(all, "escaped", value -> value instanceof Value.Str string && string.markup());
        simple(all, "filter", value -> value instanceof Value.Str name && Filters.exists(name.text()));
        simple(all, "test", value -> value instanceof Value.Str name && exists(name.text()));
        unary(all, "lower", (runtime, value) -> CharacterTests.isLower(runtime.str(value)));
        unary(all, "upper", (runtime, value) -> CharacterTests.isUpper(runtime.str(value)));
        unary(all, "odd", (runtime, value) -> remainder(runtime, value, Value.Int.of(2), Value.Int.of(1)));
        unary(all, "even", (runtime, value) -> remainder(runtime, value, Value.Int.of(2), Value.Int.of(0)));
        all.put("divisibleby", (rt, v, a) -> remainder(rt, v, a.bind("divisibleby", 1, "num").get(0), Value.Int.of(0)));
        all.put("sameas", (rt, v, a) -> same(v, a.bind("sameas", 1, "other").get(0)));
        comparison(all, "in", "in");
        comparison(all, "==", "==", "eq", "equalto");
        comparison(all, "!=", "!=", "ne");
        comparison(all, ">", ">", "gt", "greaterthan");
        comparison(all, ">=", ">=", "ge");
        comparison(all, "<", "<", "lt", "lessthan");
        comparison(all, "<=", "<=", "le");
        return Map.copyOf(all);
    }

    private static void simple(Map<String, TestFunction> all, String name, Predicate<Value> test) {
        unary(all, name, (_, value) -> test.test(value));
    }

    private static void unary(Map<String, TestFunction> all, String name, BiPredicate<Runtime, Value> test) {
        all.put(name, (runtime, value, arguments) -> {
            arguments.bind(name, 0);
            return test.test(runtime, value);
        });
    }

    private static void comparison(Map<String, TestFunction> all, String operator, String... names) {
        for (String name : List.of(names)) {
            all.put(name, (runtime, value, arguments) ->
                    new Comparison(runtime).holds(operator, value, arguments.bind(name, 1, "other").get(0)));
        }
    }

    /** Identity, where equal numbers and equal strings count as the same object. */
    private static boolean same(Value value, Value other) {
        return value == other || value instanceof Value.Int a && other instanceof Value.Int b && a.value().equals(b.value())
                || value instanceof Value.Str s && other instanceof Value.Str t && s.text().equals(t.text());
    }

    private static boolean remainder(Runtime runtime, Value value, Value divisor, Value expected) {
        return new Comparison(runtime).equal(new Operators(runtime).binary("%", value, divisor), expected);
    }

    private static boolean isSequence(Value value) {
        return value instanceof Value.Sequence || value instanceof Value.Str || value instanceof Value.Dict || value instanceof Value.Undefined;
    }
}
