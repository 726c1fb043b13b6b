package dev.candor.inference.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;

/** Python's {@code ==}, order and {@code in}. */
final class Comparison {
    private final Runtime runtime;

    Comparison(Runtime runtime) {
        this.runtime = runtime;
    }

    boolean holds(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<", "<=", ">", ">=" -> ordered(operator, left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    boolean equal(Value left, Value right) {
        runtime.budget().enter();
        boolean equal = Numbers.isNumber(left) && Numbers.isNumber(right) ? numbers(left, right) == 0 : sameKind(left, right);
        runtime.budget().leave();
        return equal;
    }

    private boolean sameKind(Value left, Value right) {
        return switch (left) {
            case Value.Str a -> right instanceof Value.Str b && texts(a.text(), b.text());
            case Value.ListValue a -> right instanceof Value.ListValue b && items(a.items(), b.items());
            case Value.Tuple a -> right instanceof Value.Tuple b && items(a.items(), b.items());
            case Value.Range a -> right instanceof Value.Range b && items(a.items(), b.items());
            case Value.Dict a -> right instanceof Value.Dict b && dicts(a, b);
            case Value.DictView a -> right instanceof Value.DictView b && items(a.items(), b.items());
            case Value.Undefined _ -> right instanceof Value.Undefined;
            default -> left == right;
        };
    }

    private boolean texts(String a, String b) {
        runtime.budget().scan(Math.min(a.length(), b.length()));
        return a.equals(b);
    }

    private boolean items(List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean dicts(Value.Dict a, Value.Dict b) {
        if (a.entries().size() != b.entries().size()) {
            return false;
        }
        for (var entry : a.entries().entrySet()) {
            Value.DictEntry other = b.entries().get(entry.getKey());
            if (other == null || !equal(entry.getValue().value(), other.value())) {
                return false;
            }
        }
        return true;
    }

    /** Negative, zero or positive; 2 if either is not a number at all ({@code nan}). */
    private static int numbers(Value left, Value right) {
        BigInteger a = Numbers.integer(left);
        BigInteger b = Numbers.integer(right);
        if (a != null && b != null) {
            return a.compareTo(b);
        }
        double x = a == null ? ((Value.Real) left).value() : 0;
        double y = b == null ? ((Value.Real) right).value() : 0;
        if (Double.isNaN(x) || Double.isNaN(y)) {
            return 2;
        }
        if (a == null && b == null) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        if (Double.isInfinite(x) || Double.isInfinite(y)) {
            return x > y ? 1 : -1;
        }
        return (a == null ? new BigDecimal(x) : new BigDecimal(a)).compareTo(b == null ? new BigDecimal(y) : new BigDecimal(b));
    }

    private boolean ordered(String operator, Value left, Value right) {
        int order = order(operator, left, right);
        return order != 2 && switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** Negative, zero or positive, or 2 if neither holds. */
    int order(String operator, Value left, Value right) {
        runtime.budget().enter();
        int order;
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            order = numbers(left, right);
        } else if (left instanceof Value.Str a && right instanceof Value.Str b) {
            runtime.budget().scan(Math.min(a.text().length(), b.text().length()));
            order = Integer.signum(PyText.compare(a.text(), b.text()));
        } else if (left instanceof Value.ListValue a && right instanceof Value.ListValue b) {
            order = lexicographic(operator, a.items(), b.items());
        } else if (left instanceof Value.Tuple a && right instanceof Value.Tuple b) {
            order = lexicographic(operator, a.items(), b.items());
        } else {
            throw incomparable(operator, left, right);
        }
        runtime.budget().leave();
        return order;
    }

    private static JinjaError incomparable(String operator, Value left, Value right) {
        if (left instanceof Value.Undefined undefined) {
            return undefined.error();
        }
        if (right instanceof Value.Undefined undefined) {
            return undefined.error();
        }
        return new JinjaError("'" + operator + "' not supported between instances of '" + left.typeName() + "' and '"
                + right.typeName() + "'");
    }

    private int lexicographic(String operator, List<Value> a, List<Value> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return order(operator, a.get(i), b.get(i));
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    boolean contains(Value container, Value item) {
        return switch (container) {
            case Value.Str text -> containsText(text.text(), item);
            case Value.Dict dict -> dict.entries().containsKey(DictKeys.of(item, runtime.budget()));
            default -> containsItem(container, item);
        };
    }

    private boolean containsText(String text, Value item) {
        if (!(item instanceof Value.Str part)) {
            throw new JinjaError("'in <string>' requires string as left operand, not " + item.typeName());
        }
        runtime.budget().scan(text.length());
        return PyText.find(text, part.text(), 0) >= 0;
    }

    private boolean containsItem(Value container, Value item) {
        if (!Iteration.isIterable(container)) {
            throw new JinjaError("argument of type '" + container.typeName() + "' is not iterable");
        }
        for (Iterator<Value> all = Iteration.of(container, runtime); all.hasNext();) {
            if (equal(all.next(), item)) {
                return true;
            }
        }
        return false;
    }
}
