package dev.candor.inference.text.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code str()} and {@code repr()} of a value. */
final class PyRepr {
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private PyRepr(Budget budget) {
        this.budget = budget;
    }

    static String str(Value value, Budget budget) {
        return switch (value) {
            case Value.Str string -> string.text();
            case Value.Undefined _ -> "";
            default -> repr(value, budget);
        };
    }

    static String repr(Value value, Budget budget) {
        PyRepr repr = new PyRepr(budget);
        repr.append(value);
        return repr.out.toString();
    }

    private void append(Value value) {
        budget.enter();
        switch (value) {
            case Value.None _ -> add("None");
            case Value.Bool bool -> add(bool == Value.Bool.TRUE ? "True" : "False");
            case Value.Int integer -> add(integer.value().toString());
            case Value.Real real -> add(number(real.value()));
            case Value.Str string -> add(string.markup() ? "Markup(" + quote(string.text()) + ")" : quote(string.text()));
            case Value.ListValue list -> items("[", list.items(), "]");
            case Value.Tuple tuple -> items("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
            case Value.Range range -> add("range(" + range.start() + ", " + range.stop()
                    + (range.step().equals(java.math.BigInteger.ONE) ? "" : ", " + range.step()) + ")");
            case Value.Dict dict -> dict(dict);
            case Value.DictView view -> items(view.typeName() + "([", view.items(), "])");
            case Value.Namespace namespace -> namespace(namespace.attributes());
            case Value.Undefined _ -> add("Undefined");
            case Value.Callable callable -> add("<" + callable.typeName() + " " + quote(callable.name()) + ">");
            case Value.Lazy lazy -> add("<" + lazy.typeName() + " object>");
            case Value.Helper helper -> add(helper.describe());
        }
        budget.leave();
    }

    private void add(String text) {
        budget.allocate(text.length());
        out.append(text);
    }

    private void items(String open, List<Value> items, String close) {
        add(open);
        String separator = "";
        for (Value item : items) {
            add(separator);
            append(item);
            separator = ", ";
        }
        add(close);
    }

    private void dict(Value.Dict dict) {
        add("{");
        String separator = "";
        for (Value.DictEntry entry : dict.entries().values()) {
            add(separator);
            append(entry.key());
            add(": ");
            append(entry.value());
            separator = ", ";
        }
        add("}");
    }

    private void namespace(Map<String, Value> attributes) {
        add("<Namespace {");
        for (Iterator<Map.Entry<String, Value>> all = attributes.entrySet().iterator(); all.hasNext();) {
            Map.Entry<String, Value> entry = all.next();
            add(quote(entry.getKey()) + ": ");
            append(entry.getValue());
            add(all.hasNext() ? ", " : "");
        }
        add("}>");
    }

    /** Python's shortest decimal form of a double. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = shortest(value);
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - exact.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        String plain = exact.abs().toPlainString();
        return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }

    /** {@link Double#toString} gives two digits where one is enough for a subnormal. */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal one = decimal.round(new java.math.MathContext(1));
            return one.doubleValue() == value ? one.stripTrailingZeros() : decimal;
        }
        return decimal;
    }

    /** Python's quoted form of a string. */
    static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> character(quoted, c, quote));
        return quoted.append(quote).toString();
    }

    private static void character(StringBuilder quoted, int c, char quote) {
        switch (c) {
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case '\\' -> quoted.append("\\\\");
            default -> {
                if (c == quote) {
                    quoted.append('\\').append(quote);
                } else if (isPrintable(c)) {
                    quoted.appendCodePoint(c);
                } else {
                    quoted.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }

    private static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                 Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
