package dev.candor.inference.text.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a function is called with. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... values) {
        return new Arguments(List.of(values), Map.of());
    }

    /** The same without the first {@code count} positional ones. */
    Arguments from(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }

    /**
     * Gives every argument its parameter, as Python does.
     *
     * @param required how many of {@code parameters}, counted from the first, must be given
     */
    Bound bind(String function, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new JinjaError(function + "() takes at most " + parameters.length + " arguments (" + positional.size() + " given)");
        }
        Value[] values = new Value[parameters.length];
        Set<String> unused = new HashSet<>(named.keySet());
        for (int i = 0; i < parameters.length; i++) {
            boolean named = unused.remove(parameters[i]);
            if (named && i < positional.size()) {
                throw new JinjaError(function + "() got multiple values for argument '" + parameters[i] + "'");
            }
            values[i] = named ? this.named.get(parameters[i]) : i < positional.size() ? positional.get(i) : null;
            if (values[i] == null && i < required) {
                throw new JinjaError(function + "() missing required argument: '" + parameters[i] + "'");
            }
        }
        if (!unused.isEmpty()) {
            throw new JinjaError(function + "() got an unexpected keyword argument '" + unused.iterator().next() + "'");
        }
        return new Bound(function, values);
    }
}
