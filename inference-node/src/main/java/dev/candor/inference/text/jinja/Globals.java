package dev.candor.inference.text.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {
    private static final Map<String, Value> ALL = all();

    private Globals() {
    }

    static Map<String, Value> table() {
        return ALL;
    }

    private static Map<String, Value> all() {
        Map<String, Value> all = new HashMap<>();
        Map<String, Value.Function> functions = Map.of(
                "raise_exception", Globals::raise,
                "strftime_now", (runtime, arguments) ->
                        runtime.text(Strftime.format(runtime.now(), arguments.bind("strftime_now", 1, "format").text(0))),
                "range", Globals::range,
                "dict", Globals::dict,
                "namespace", Globals::namespace,
                "cycler", (_, arguments) -> new Cycler(arguments.positional()),
                "joiner", (_, arguments) -> new Joiner(arguments.bind("joiner", 0, "sep").get(0, new Value.Str(", "))));
        functions.forEach((name, function) -> all.put(name, Value.Callable.builtin(name, function)));
        return Map.copyOf(all);
    }

    private static Value raise(Runtime runtime, Arguments arguments) {
        throw JinjaError.raised(runtime.str(arguments.bind("raise_exception", 1, "message").get(0)));
    }

    private static Value range(Runtime runtime, Arguments arguments) {
        arguments.bind("range", 1, "start", "stop", "step");
        List<Value> given = arguments.positional();
        if (given.isEmpty()) {
            throw new JinjaError("range expected at least 1 argument, got 0");
        }
        BigInteger start = given.size() == 1 ? BigInteger.ZERO : Numbers.index(given.get(0));
        BigInteger stop = Numbers.index(given.get(given.size() == 1 ? 0 : 1));
        BigInteger step = given.size() < 3 ? BigInteger.ONE : Numbers.index(given.get(2));
        if (step.signum() == 0) {
            throw new JinjaError("range() arg 3 must not be zero");
        }
        BigInteger distance = step.signum() > 0 ? stop.subtract(start) : start.subtract(stop);
        BigInteger count = distance.signum() <= 0 ? BigInteger.ZERO
                : distance.subtract(BigInteger.ONE).divide(step.abs()).add(BigInteger.ONE);
        int most = runtime.budget().limits().rangeItems();
        if (count.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new JinjaError("Range too big. The sandbox blocks ranges larger than " + most + ".");
        }
        runtime.budget().allocateEntries(count.intValue());
        List<Value> items = new ArrayList<>(count.intValue());
        BigInteger at = start;
        for (int i = 0; i < count.intValue(); i++) {
            items.add(new Value.Int(at));
            at = at.add(step);
        }
        return new Value.Range(start, stop, step, items);
    }

    private static Value.Dict dict(Runtime runtime, Arguments arguments) {
        DictKeys.Builder builder = new DictKeys.Builder(runtime.budget());
        if (arguments.positional().size() > 1) {
            throw new JinjaError("dict expected at most 1 argument, got " + arguments.positional().size());
        }
        for (Value source : arguments.positional()) {
            if (source instanceof Value.Dict dict) {
                builder.putAll(dict);
            } else {
                pairs(runtime, source, builder);
            }
        }
        arguments.named().forEach((name, value) -> builder.put(new Value.Str(name), value));
        return builder.build();
    }

    private static void pairs(Runtime runtime, Value source, DictKeys.Builder builder) {
        for (Value pair : runtime.items(source)) {
            List<Value> items = runtime.items(pair);
            if (items.size() != 2) {
                throw new JinjaError("dictionary update sequence element has length " + items.size() + "; 2 is required");
            }
            builder.put(items.get(0), items.get(1));
        }
    }

    private static Value namespace(Runtime runtime, Arguments arguments) {
        Map<String, Value> attributes = new LinkedHashMap<>();
        for (Value.DictEntry entry : dict(runtime, arguments).entries().values()) {
            if (entry.key() instanceof Value.Str name) {
                attributes.put(name.text(), entry.value());
            }
        }
        return new Value.Namespace(attributes);
    }
}
