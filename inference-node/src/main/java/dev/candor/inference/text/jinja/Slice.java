package dev.candor.inference.text.jinja;

import java.math.BigInteger;
import java.util.function.IntConsumer;

/** The positions of a Python slice over a series of known length: {@code count} of them, and {@code stop} is none of them. */
record Slice(int first, int stop, int step, int count) {
    static Slice of(Value start, Value stop, Value step, int length) {
        int by = step(step);
        int low = by > 0 ? 0 : -1;
        int high = by > 0 ? length : length - 1;
        int from = bound(start, by > 0 ? low : high, low, high, length);
        int to = bound(stop, by > 0 ? high : low, low, high, length);
        long distance = by > 0 ? (long) to - from : (long) from - to;
        int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs((long) by) + 1);
        return new Slice(from, to, by, count);
    }

    private static int step(Value step) {
        if (isAbsent(step)) {
            return 1;
        }
        int by = Numbers.clamp(index(step));
        if (by == 0) {
            throw new JinjaError("slice step cannot be zero");
        }
        return by;
    }

    private static int bound(Value value, int fallback, int low, int high, int length) {
        if (isAbsent(value)) {
            return fallback;
        }
        long at = Numbers.clamp(index(value));
        return Math.clamp(at < 0 ? at + length : at, low, high);
    }

    private static boolean isAbsent(Value value) {
        return value == null || value == Value.None.NONE;
    }

    private static BigInteger index(Value value) {
        BigInteger index = Numbers.integer(value);
        if (index == null) {
            throw new JinjaError("slice indices must be integers or None or have an __index__ method");
        }
        return index;
    }

    void forEach(IntConsumer action) {
        for (int i = 0; i < count; i++) {
            action.accept(first + i * step);
        }
    }
}
