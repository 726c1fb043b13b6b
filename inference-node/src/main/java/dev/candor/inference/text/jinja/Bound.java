package dev.candor.inference.text.jinja;

import java.math.BigInteger;

/** Arguments of one call by the position of their parameter. */
final class Bound {
    private final String function;
    private final Value[] values;

    Bound(String function, Value[] values) {
        this.function = function;
        this.values = values;
    }

    boolean has(int index) {
        return values[index] != null;
    }

    /** Whether the argument is given and not {@code None}. */
    boolean hasValue(int index) {
        return has(index) && values[index] != Value.None.NONE;
    }

    Value get(int index) {
        return values[index];
    }

    Value get(int index, Value fallback) {
        return has(index) ? values[index] : fallback;
    }

    boolean flag(int index, boolean fallback) {
        return has(index) ? Truth.of(values[index]) : fallback;
    }

    String text(int index) {
        if (values[index] instanceof Value.Str string) {
            return string.text();
        }
        throw new JinjaError(function + "() argument must be str, not " + values[index].typeName());
    }

    String text(int index, String fallback) {
        return hasValue(index) ? text(index) : fallback;
    }

    /** The argument cut to the range of an {@code int}. */
    int integer(int index, int fallback) {
        return hasValue(index) ? Numbers.clamp(Numbers.index(values[index])) : fallback;
    }

    BigInteger integer(int index) {
        return Numbers.index(values[index]);
    }
}
