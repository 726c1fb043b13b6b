package dev.candor.inference.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The canonical form under which a value is a dict key: what is equal in Python ({@code 1 == 1.0 == True}) is equal in it. */
final class DictKeys {
    private DictKeys() {
    }

    static Object of(Value value, Budget budget) {
        return switch (value) {
            case Value.Str string -> string.text();
            case Value.Int integer -> integer.value();
            case Value.Bool bool -> bool == Value.Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
            case Value.Real real -> real(real.value());
            case Value.None none -> none;
            case Value.Undefined _ -> Value.Undefined.class;
            case Value.Tuple tuple -> tuple(tuple, budget);
            case Value.Namespace namespace -> namespace;
            case Value.Callable callable -> callable;
            case Value.Helper helper -> helper;
            case Value.Lazy lazy -> lazy;
            case Value.Range range -> tuple(new Value.Tuple(range.items(), List.of()), budget);
            case Value.ListValue _, Value.Dict _, Value.DictView _ ->
                    throw new JinjaError("unhashable type: '" + value.typeName() + "'");
        };
    }

    private static Object real(double value) {
        boolean whole = value == Math.rint(value) && !Double.isInfinite(value);
        return whole ? new BigDecimal(value).toBigInteger() : (Object) value;
    }

    private static Object tuple(Value.Tuple tuple, Budget budget) {
        budget.enter();
        List<Object> keys = new ArrayList<>(tuple.items().size());
        for (Value item : tuple.items()) {
            keys.add(of(item, budget));
        }
        budget.leave();
        return keys;
    }

    /** Collects entries of a new dict; a later entry replaces the value of an equal key. */
    static final class Builder {
        private final Map<Object, Value.DictEntry> entries = new LinkedHashMap<>();
        private final Budget budget;

        Builder(Budget budget) {
            this.budget = budget;
        }

        Builder put(Value key, Value value) {
            budget.allocateEntries(2);
            Object canonical = of(key, budget);
            Value.DictEntry old = entries.get(canonical);
            entries.put(canonical, new Value.DictEntry(old == null ? key : old.key(), value));
            return this;
        }

        Builder putAll(Value.Dict dict) {
            dict.entries().values().forEach(entry -> put(entry.key(), entry.value()));
            return this;
        }

        Value.Dict build() {
            return new Value.Dict(entries);
        }
    }
}
