package dev.candor.inference.text.jinja;

import java.util.List;

/** Python's {@code format % values}. */
final class PercentFormat {
    private final Runtime runtime;
    private final Value.Str source;
    private final Value values;
    private final List<Value> positional;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int used;
    private boolean byName;

    private PercentFormat(Runtime runtime, Value.Str source, Value values) {
        this.runtime = runtime;
        this.source = source;
        this.values = values;
        this.positional = values instanceof Value.Tuple tuple ? tuple.items() : List.of(values);
    }

    static Value format(Runtime runtime, Value.Str source, Value values) {
        runtime.budget().allocate(source.text().length());
        return new PercentFormat(runtime, source, values).run();
    }

    private Value run() {
        String text = source.text();
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '%') {
                conversion();
            } else {
                out.append(c);
            }
        }
        boolean tolerant = byName || switch (values) {
            case Value.Dict _, Value.ListValue _, Value.Range _, Value.Undefined _ -> true;
            default -> false;
        };
        if (used < positional.size() && !tolerant) {
            throw new JinjaError("not all arguments converted during string formatting");
        }
        return new Value.Str(out.toString(), source.markup());
    }

    private void conversion() {
        Value named = peek() == '(' ? named() : null;
        String flags = take("-+ #0");
        int width = peek() == '*' ? star() : number(take("0123456789"));
        int precision = -1;
        if (peek() == '.') {
            position++;
            precision = peek() == '*' ? star() : number(take("0123456789"));
        }
        take("hlL");
        char type = peek();
        position++;
        if (type == '%') {
            out.append('%');
            return;
        }
        Value value = named == null ? nextValue() : named;
        String text = convert(type, value, precision, flags);
        char align = flags.indexOf('-') >= 0 ? '<' : flags.indexOf('0') >= 0 && "sra".indexOf(type) < 0 ? '=' : '>';
        String padded = Padding.aligned(runtime, text, width, align == '=' ? "0" : " ", align);
        runtime.budget().allocate(padded.length());
        out.append(padded);
    }

    private Value named() {
        int close = source.text().indexOf(')', position);
        if (close < 0) {
            throw new JinjaError("incomplete format key");
        }
        if (!(values instanceof Value.Dict dict)) {
            throw new JinjaError("format requires a mapping");
        }
        String key = source.text().substring(position + 1, close);
        position = close + 1;
        byName = true;
        Value.DictEntry entry = dict.entries().get(key);
        if (entry == null) {
            throw new JinjaError(PyRepr.quote(key));
        }
        return entry.value();
    }

    private int star() {
        position++;
        return Numbers.clamp(Numbers.index(nextValue()));
    }

    private Value nextValue() {
        if (used >= positional.size()) {
            throw new JinjaError("not enough arguments for format string");
        }
        return positional.get(used++);
    }

    private String convert(char type, Value value, int precision, String flags) {
        String sign = flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
        return switch (type) {
            case 's' -> cut(markedUp(value), precision);
            case 'r', 'a' -> cut(PyRepr.repr(value, runtime.budget()), precision);
            case 'd', 'i', 'u', 'x', 'X', 'o' -> NumberFormat.integer(runtime, value, type, sign, flags.indexOf('#') >= 0);
            case 'e', 'E', 'f', 'F', 'g', 'G' -> NumberFormat.real(runtime, value, type, precision, sign);
            case 'c' -> value instanceof Value.Str string ? string.text() : Character.toString(codePoint(value));
            case 0 -> throw new JinjaError("incomplete format");
            default -> throw new JinjaError("unsupported format character '" + type + "'");
        };
    }

    private String markedUp(Value value) {
        boolean escape = source.markup() && !(value instanceof Value.Str string && string.markup());
        return escape ? Html.escape(runtime.str(value)) : runtime.str(value);
    }

    private static int codePoint(Value value) {
        int c = Numbers.clamp(Numbers.index(value));
        if (!Character.isValidCodePoint(c)) {
            throw new JinjaError("%c arg not in range(0x110000)");
        }
        return c;
    }

    private static String cut(String text, int precision) {
        return precision < 0 || precision >= PyText.length(text) ? text : text.substring(0, PyText.offset(text, precision));
    }

    private char peek() {
        return position < source.text().length() ? source.text().charAt(position) : 0;
    }

    private String take(String characters) {
        int start = position;
        while (peek() != 0 && characters.indexOf(peek()) >= 0) {
            position++;
        }
        return source.text().substring(start, Math.min(position, source.text().length()));
    }

    private static int number(String digits) {
        if (digits.length() > 9) {
            throw new JinjaError("width too big");
        }
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
