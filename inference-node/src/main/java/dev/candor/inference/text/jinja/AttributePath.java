package dev.candor.inference.text.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What the {@code attribute} argument of a filter names: a dotted path of names and indices. */
record AttributePath(Access access, List<Value> parts) {
    static AttributePath of(Runtime runtime, Value attribute) {
        List<Value> parts = new ArrayList<>();
        if (attribute instanceof Value.Str path) {
            for (String part : path.text().split("\\.", -1)) {
                boolean number = !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
                parts.add(number ? new Value.Int(new BigInteger(part)) : new Value.Str(part));
            }
        } else {
            parts.add(attribute);
        }
        return new AttributePath(new Access(runtime), parts);
    }

    Value get(Value object) {
        return get(object, null);
    }

    /** @param fallback instead of an undefined value, or null */
    Value get(Value object, Value fallback) {
        Value value = object;
        for (Value part : parts) {
            value = access.item(value, part);
            if (value instanceof Value.Undefined && fallback != null) {
                value = fallback;
            }
        }
        return value;
    }
}
