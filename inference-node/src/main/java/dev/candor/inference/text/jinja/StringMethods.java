package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Python's string methods. */
final class StringMethods {
    private static final Map<String, Method> METHODS = methods();

    private StringMethods() {
    }

    @FunctionalInterface
    private interface Method {
        Value call(Runtime runtime, String self, Arguments arguments);
    }

    /** The bound method, or null if strings have none of that name. */
    static Value of(Value.Str self, String name) {
        Method method = METHODS.get(name);
        if (method == null) {
            return null;
        }
        if (!self.markup()) {
            return Value.Callable.builtin(name, (runtime, arguments) -> method.call(runtime, self.text(), arguments));
        }
        return Value.Callable.builtin(name, (runtime, arguments) -> marked(method.call(runtime, self.text(), escaped(arguments))));
    }

    private static Arguments escaped(Arguments arguments) {
        return new Arguments(arguments.positional().stream().map(StringMethods::escaped).toList(), arguments.named());
    }

    private static Value escaped(Value value) {
        return value instanceof Value.Str string && !string.markup() ? new Value.Str(Html.escape(string.text()), true) : value;
    }

    private static Value marked(Value value) {
        return switch (value) {
            case Value.Str string -> new Value.Str(string.text(), true);
            case Value.ListValue list -> new Value.ListValue(list.items().stream().map(StringMethods::marked).toList());
            case Value.Tuple tuple -> new Value.Tuple(tuple.items().stream().map(StringMethods::marked).toList(), List.of());
            default -> value;
        };
    }

    private static Map<String, Method> methods() {
        Map<String, Method> all = new HashMap<>();
        all.put("upper", (rt, s, a) -> none(rt, a, "upper", s.toUpperCase(Locale.ROOT)));
        all.put("lower", (rt, s, a) -> none(rt, a, "lower", s.toLowerCase(Locale.ROOT)));
        all.put("casefold", (rt, s, a) -> none(rt, a, "casefold", s.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)));
        all.put("title", (rt, s, a) -> none(rt, a, "title", Casing.title(s)));
        all.put("capitalize", (rt, s, a) -> none(rt, a, "capitalize", Casing.capitalize(s)));
        all.put("swapcase", (rt, s, a) -> none(rt, a, "swapcase", Casing.swap(s)));
        all.put("strip", (rt, s, a) -> rt.text(strip(a.bind("strip", 0, "chars"), s, true, true)));
        all.put("lstrip", (rt, s, a) -> rt.text(strip(a.bind("lstrip", 0, "chars"), s, true, false)));
        all.put("rstrip", (rt, s, a) -> rt.text(strip(a.bind("rstrip", 0, "chars"), s, false, true)));
        all.put("removeprefix", (rt, s, a) -> {
            String prefix = a.bind("removeprefix", 1, "prefix").text(0);
            return rt.text(s.startsWith(prefix) ? s.substring(prefix.length()) : s);
        });
        all.put("removesuffix", (rt, s, a) -> {
            String suffix = a.bind("removesuffix", 1, "suffix").text(0);
            return rt.text(s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s);
        });
        all.put("startswith", (rt, s, a) -> StringSearch.affix(rt, s, a.bind("startswith", 1, "prefix", "start", "end"), true));
        all.put("endswith", (rt, s, a) -> StringSearch.affix(rt, s, a.bind("endswith", 1, "suffix", "start", "end"), false));
        all.put("find", (rt, s, a) -> StringSearch.find(rt, s, a.bind("find", 1, "sub", "start", "end"), false, false));
        all.put("rfind", (rt, s, a) -> StringSearch.find(rt, s, a.bind("rfind", 1, "sub", "start", "end"), true, false));
        all.put("index", (rt, s, a) -> StringSearch.find(rt, s, a.bind("index", 1, "sub", "start", "end"), false, true));
        all.put("rindex", (rt, s, a) -> StringSearch.find(rt, s, a.bind("rindex", 1, "sub", "start", "end"), true, true));
        all.put("count", (rt, s, a) -> StringSearch.count(rt, s, a.bind("count", 1, "sub", "start", "end")));
        all.put("split", (rt, s, a) -> StringSplit.split(rt, s, a.bind("split", 0, "sep", "maxsplit"), false));
        all.put("rsplit", (rt, s, a) -> StringSplit.split(rt, s, a.bind("rsplit", 0, "sep", "maxsplit"), true));
        all.put("splitlines", (rt, s, a) -> rt.texts(PyText.lines(s, a.bind("splitlines", 0, "keepends").flag(0, false))));
        all.put("partition", (rt, s, a) -> StringSplit.partition(rt, s, a.bind("partition", 1, "sep").text(0), false));
        all.put("rpartition", (rt, s, a) -> StringSplit.partition(rt, s, a.bind("rpartition", 1, "sep").text(0), true));
        all.put("replace", (rt, s, a) -> {
            Bound bound = a.bind("replace", 2, "old", "new", "count");
            return new Value.Str(StringSearch.replace(rt, s, bound.text(0), bound.text(1), bound.integer(2, -1)));
        });
        all.put("join", (rt, s, a) -> join(rt, s, a.bind("join", 1, "iterable").get(0)));
        all.put("format", (rt, s, a) -> BraceFormat.format(rt, s, a));
        all.put("zfill", (rt, s, a) -> new Value.Str(Padding.zeros(rt, s, a.bind("zfill", 1, "width").integer(0, 0))));
        all.put("ljust", (rt, s, a) -> new Value.Str(Padding.left(rt, s, a.bind("ljust", 1, "width", "fillchar"))));
        all.put("rjust", (rt, s, a) -> new Value.Str(Padding.right(rt, s, a.bind("rjust", 1, "width", "fillchar"))));
        all.put("center", (rt, s, a) -> new Value.Str(Padding.center(rt, s, a.bind("center", 1, "width", "fillchar"))));
        CharacterTests.ALL.forEach((name, test) -> all.put(name, (rt, s, a) -> {
            a.bind(name, 0);
            rt.budget().scan(s.length());
            return Value.Bool.of(test.test(s));
        }));
        return Map.copyOf(all);
    }

    private static Value none(Runtime runtime, Arguments arguments, String name, String result) {
        arguments.bind(name, 0);
        return runtime.text(result);
    }

    private static String strip(Bound bound, String self, boolean left, boolean right) {
        if (!bound.hasValue(0)) {
            String stripped = left ? PyText.stripLeft(self) : self;
            return right ? PyText.stripRight(stripped) : stripped;
        }
        String stripped = left ? PyText.stripLeft(self, bound.text(0)) : self;
        return right ? PyText.stripRight(stripped, bound.text(0)) : stripped;
    }

    private static Value join(Runtime runtime, String separator, Value series) {
        List<String> parts = new ArrayList<>();
        for (Value item : runtime.items(series)) {
            if (!(item instanceof Value.Str part)) {
                throw new JinjaError("sequence item " + parts.size() + ": expected str instance, " + item.typeName() + " found");
            }
            runtime.budget().allocate((long) part.text().length() + separator.length());
            parts.add(part.text());
        }
        return new Value.Str(String.join(separator, parts));
    }
}
