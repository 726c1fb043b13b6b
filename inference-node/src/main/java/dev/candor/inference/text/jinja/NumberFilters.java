package dev.candor.inference.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;

/** Filters that give a number. */
final class NumberFilters {
    private static final int MOST_DIGITS = 1200;

    private NumberFilters() {
    }

    static Map<String, FilterFunction> table() {
        Map<String, FilterFunction> table = new HashMap<>();
        table.put("abs", NumberFilters::abs);
        table.put("int", NumberFilters::toInteger);
        table.put("float", NumberFilters::toReal);
        table.put("round", NumberFilters::round);
        table.put("length", NumberFilters::length);
        table.put("count", NumberFilters::length);
        table.put("wordcount", NumberFilters::words);
        return table;
    }

    private static Value abs(Runtime runtime, Value value, Arguments arguments) {
        arguments.bind("abs", 0);
        if (value instanceof Value.Real real) {
            return new Value.Real(Math.abs(real.value()));
        }
        BigInteger integer = Numbers.integer(value);
        if (integer == null) {
            throw new JinjaError("bad operand type for abs(): '" + value.typeName() + "'");
        }
        return new Value.Int(integer.abs());
    }

    private static Value length(Runtime runtime, Value value, Arguments arguments) {
        arguments.bind("length", 0);
        int length = value instanceof LoopHelper loop ? loop.length() : Iteration.length(value);
        if (length < 0) {
            throw new JinjaError("object of type '" + value.typeName() + "' has no len()");
        }
        runtime.budget().scan(length);
        return Value.Int.of(length);
    }

    private static Value words(Runtime runtime, Value value, Arguments arguments) {
        arguments.bind("wordcount", 0);
        String text = runtime.str(value);
        runtime.budget().scan(text.length());
        int words = 0;
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean part = c == '_' || Character.isLetterOrDigit(c);
            words += part && !inWord ? 1 : 0;
            inWord = part;
        }
        return Value.Int.of(words);
    }

    private static Value toInteger(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("int", 0, "default", "base");
        Value fallback = bound.get(0, Value.Int.of(0));
        BigInteger integer = switch (value) {
            case Value.Undefined undefined -> throw undefined.error();
            case Value.Real real -> whole(real.value());
            case Value.Str text -> parse(text.text(), bound.integer(1, 10));
            default -> Numbers.integer(value);
        };
        return integer == null ? fallback : Numbers.bounded(integer, runtime.budget());
    }

    private static BigInteger whole(double value) {
        return Double.isNaN(value) || Double.isInfinite(value) ? null : new BigDecimal(value).toBigInteger();
    }

    private static BigInteger parse(String text, int base) {
        BigInteger integer = NumberText.integer(text, base, MOST_DIGITS);
        Double real = integer == null ? NumberText.real(text, MOST_DIGITS) : null;
        return real == null ? integer : whole(real);
    }

    private static Value toReal(Runtime runtime, Value value, Arguments arguments) {
        Value fallback = arguments.bind("float", 0, "default").get(0, new Value.Real(0));
        if (value instanceof Value.Undefined undefined) {
            throw undefined.error();
        }
        if (value instanceof Value.Str text) {
            runtime.budget().scan(text.text().length());
            Double real = NumberText.real(text.text(), MOST_DIGITS);
            return real == null ? fallback : new Value.Real(real);
        }
        return Numbers.isNumber(value) ? new Value.Real(Numbers.real(value)) : fallback;
    }

    private static Value round(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("round", 0, "precision", "method");
        String method = bound.text(1, "common");
        int precision = bound.integer(0, 0);
        if (!Numbers.isNumber(value)) {
            throw new JinjaError("type " + value.typeName() + " doesn't define __round__ method");
        }
        if (Math.abs((long) precision) > MOST_DIGITS) {
            throw new JinjaError("round() precision is out of range");
        }
        return switch (method) {
            case "common" -> common(value, precision, runtime);
            case "ceil", "floor" -> {
                double scale = Math.pow(10, precision);
                double scaled = Numbers.real(value) * scale;
                yield new Value.Real((method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
            }
            default -> throw new JinjaError("method must be common, ceil or floor");
        };
    }

    private static Value common(Value value, int precision, Runtime runtime) {
        if (value instanceof Value.Real real) {
            double number = real.value();
            boolean unchanged = Double.isNaN(number) || Double.isInfinite(number);
            double rounded = unchanged ? number : new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
            return new Value.Real(rounded == 0 ? Math.copySign(0, number) : rounded);
        }
        BigDecimal integer = new BigDecimal(Numbers.integer(value));
        return Numbers.bounded(precision >= 0 ? integer.toBigInteger()
                : integer.setScale(precision, RoundingMode.HALF_EVEN).toBigInteger(), runtime.budget());
    }
}
