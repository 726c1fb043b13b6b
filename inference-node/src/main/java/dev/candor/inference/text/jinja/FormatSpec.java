package dev.candor.inference.text.jinja;

/** Python's format specification {@code [[fill]align][sign][#][0][width][,][.precision][type]}. */
final class FormatSpec {
    private final String source;
    private int position;
    private String fill = " ";
    private char align;
    private String sign = "";
    private boolean prefixed;
    private int width;
    private boolean grouped;
    private int precision = -1;
    private char type;

    FormatSpec(String source) {
        this.source = source;
        parse();
    }

    private void parse() {
        if (source.isEmpty()) {
            return;
        }
        int first = Character.charCount(source.codePointAt(0));
        if (source.length() > first && "<>^=".indexOf(source.charAt(first)) >= 0) {
            fill = source.substring(0, first);
            align = source.charAt(first);
            position = first + 1;
        } else if ("<>^=".indexOf(source.charAt(0)) >= 0) {
            align = source.charAt(position++);
        }
        if (peek() == '+' || peek() == '-' || peek() == ' ') {
            sign = peek() == '-' ? "" : String.valueOf(peek());
            position++;
        }
        prefixed = skip('#');
        if (skip('0') && align == 0) {
            fill = "0";
            align = '=';
        }
        width = number();
        grouped = skip(',');
        if (skip('.')) {
            precision = number();
        }
        type = peek();
        if (position + (type == 0 ? 0 : 1) != source.length()) {
            throw new JinjaError("Invalid format specifier");
        }
    }

    String apply(Runtime runtime, Value value) {
        if (source.isEmpty()) {
            return runtime.str(value);
        }
        boolean number = Numbers.isNumber(value) && !(value instanceof Value.Bool && type == 0);
        String text = number ? number(runtime, value) : text(runtime, value);
        char side = align != 0 ? align : number ? '>' : '<';
        return Padding.aligned(runtime, text, width, fill, side);
    }

    private String text(Runtime runtime, Value value) {
        if (type != 0 && type != 's' || !(value instanceof Value.Str || value instanceof Value.Bool)) {
            throw new JinjaError("unsupported format string passed to " + value.typeName() + ".__format__");
        }
        String text = runtime.str(value);
        return precision < 0 || precision >= PyText.length(text) ? text : text.substring(0, PyText.offset(text, precision));
    }

    private String number(Runtime runtime, Value value) {
        boolean integer = Numbers.integer(value) != null;
        String text = switch (type) {
            case 'd', 'x', 'X', 'o', 'b' -> {
                if (!integer) {
                    throw new JinjaError("Unknown format code '" + type + "' for object of type 'float'");
                }
                yield NumberFormat.integer(runtime, value, type, sign, prefixed);
            }
            case 'e', 'E', 'f', 'F', 'g', 'G' -> NumberFormat.real(runtime, value, type, precision, sign);
            case '%' -> NumberFormat.real(runtime, new Value.Real(Numbers.real(value) * 100), 'f', precision, sign) + "%";
            case 0 -> integer ? NumberFormat.integer(runtime, value, 'd', sign, prefixed) : shortest(runtime, value);
            default -> throw new JinjaError("Unknown format code '" + type + "' for object of type '" + value.typeName() + "'");
        };
        return grouped ? grouped(text) : text;
    }

    private String shortest(Runtime runtime, Value value) {
        if (precision >= 0) {
            return NumberFormat.real(runtime, value, 'g', precision, sign);
        }
        String text = runtime.str(value);
        return text.startsWith("-") ? text : sign + text;
    }

    private static String grouped(String text) {
        int start = text.startsWith("-") || text.startsWith("+") || text.startsWith(" ") ? 1 : 0;
        int end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        StringBuilder digits = new StringBuilder(text.substring(start, end));
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            digits.insert(at, ',');
        }
        return text.substring(0, start) + digits + text.substring(end);
    }

    private char peek() {
        return position < source.length() ? source.charAt(position) : 0;
    }

    private boolean skip(char c) {
        boolean matches = peek() == c;
        position += matches ? 1 : 0;
        return matches;
    }

    private int number() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position - start > 9) {
            throw new JinjaError("Too many decimal digits in format string");
        }
        return position == start ? 0 : Integer.parseInt(source.substring(start, position));
    }
}
