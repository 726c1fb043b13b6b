package dev.candor.inference.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** Names with their values; what is not found is looked up outside, what is assigned stays inside. */
final class Scope {
    private final Scope outer;
    private final Map<String, Value> values;

    private Scope(Scope outer, Map<String, Value> values) {
        this.outer = outer;
        this.values = values;
    }

    /** An outermost scope over values that nothing may assign to. */
    static Scope outermost(Map<String, Value> values) {
        return new Scope(null, values);
    }

    Scope inner() {
        return new Scope(this, new HashMap<>());
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Value.Undefined(PyRepr.quote(name) + " is undefined");
    }

    void set(String name, Value value) {
        values.put(name, value);
    }
}
