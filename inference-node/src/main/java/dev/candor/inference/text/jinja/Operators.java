package dev.candor.inference.text.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's {@code + - * / // % **} on any two values. */
final class Operators {
    private final Runtime runtime;

    Operators(Runtime runtime) {
        this.runtime = runtime;
    }

    Value binary(String operator, Value left, Value right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.calculate(operator, left, right, runtime.budget());
        }
        if (left instanceof Value.Str format && operator.equals("%")) {
            return PercentFormat.format(runtime, format, right);
        }
        if (left instanceof Value.Undefined undefined) {
            throw undefined.error();
        }
        if (right instanceof Value.Undefined undefined) {
            throw undefined.error();
        }
        return switch (operator) {
            case "+" -> add(left, right);
            case "*" -> multiply(left, right);
            default -> throw JinjaError.unsupportedOperands(operator.equals("**") ? "** or pow()" : operator, left, right);
        };
    }

    Value negate(Value value) {
        return switch (value) {
            case Value.Real real -> new Value.Real(-real.value());
            default -> Numbers.bounded(signed("-", value).negate(), runtime.budget());
        };
    }

    Value plus(Value value) {
        return value instanceof Value.Real ? value : new Value.Int(signed("+", value));
    }

    private static BigInteger signed(String operator, Value value) {
        if (value instanceof Value.Undefined undefined) {
            throw undefined.error();
        }
        BigInteger integer = Numbers.integer(value);
        if (integer == null) {
            throw new JinjaError("bad operand type for unary " + operator + ": '" + value.typeName() + "'");
        }
        return integer;
    }

    private Value add(Value left, Value right) {
        return switch (left) {
            case Value.Str a when right instanceof Value.Str b -> concat(a, b);
            case Value.ListValue a when right instanceof Value.ListValue b -> new Value.ListValue(joined(a.items(), b.items()));
            case Value.Tuple a when right instanceof Value.Tuple b -> new Value.Tuple(joined(a.items(), b.items()), List.of());
            case Value.Str _, Value.ListValue _, Value.Tuple _ -> throw new JinjaError("can only concatenate " + left.typeName()
                    + " (not \"" + right.typeName() + "\") to " + left.typeName());
            default -> throw JinjaError.unsupportedOperands("+", left, right);
        };
    }

    private Value concat(Value.Str a, Value.Str b) {
        boolean markup = a.markup() || b.markup();
        String left = markup && !a.markup() ? Html.escape(a.text()) : a.text();
        String right = markup && !b.markup() ? Html.escape(b.text()) : b.text();
        runtime.budget().allocate((long) left.length() + right.length());
        return new Value.Str(left.concat(right), markup);
    }

    private List<Value> joined(List<Value> a, List<Value> b) {
        runtime.budget().allocateEntries((long) a.size() + b.size());
        List<Value> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private Value multiply(Value left, Value right) {
        boolean leftIsSeries = isSeries(left);
        if (!leftIsSeries && !isSeries(right)) {
            throw JinjaError.unsupportedOperands("*", left, right);
        }
        Value series = leftIsSeries ? left : right;
        BigInteger factor = Numbers.integer(leftIsSeries ? right : left);
        if (factor == null) {
            throw new JinjaError("can't multiply sequence by non-int of type '" + (leftIsSeries ? right : left).typeName() + "'");
        }
        return repeat(series, Math.max(0, Numbers.clamp(factor)));
    }

    private static boolean isSeries(Value value) {
        return value instanceof Value.Str || value instanceof Value.ListValue || value instanceof Value.Tuple;
    }

    private Value repeat(Value series, int times) {
        if (series instanceof Value.Str text) {
            runtime.budget().allocate((long) text.text().length() * times);
            return new Value.Str(text.text().repeat(text.text().isEmpty() ? 0 : times), text.markup());
        }
        List<Value> items = ((Value.Sequence) series).items();
        runtime.budget().allocateEntries((long) items.size() * times);
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < times && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return series instanceof Value.ListValue ? new Value.ListValue(all) : new Value.Tuple(all, List.of());
    }
}
