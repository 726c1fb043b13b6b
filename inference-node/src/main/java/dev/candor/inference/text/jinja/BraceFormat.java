package dev.candor.inference.text.jinja;

/** Python's {@code str.format}: fields by position, number or name, with {@code !r}, {@code !s} and simple format specifications. */
final class BraceFormat {
    private final Runtime runtime;
    private final String source;
    private final Arguments arguments;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int automatic;

    private BraceFormat(Runtime runtime, String source, Arguments arguments) {
        this.runtime = runtime;
        this.source = source;
        this.arguments = arguments;
    }

    static Value format(Runtime runtime, String source, Arguments arguments) {
        runtime.budget().allocate(source.length());
        BraceFormat format = new BraceFormat(runtime, source, arguments);
        format.run();
        return new Value.Str(format.out.toString());
    }

    private void run() {
        while (position < source.length()) {
            char c = source.charAt(position++);
            boolean doubled = position < source.length() && source.charAt(position) == c;
            if (c != '{' && c != '}') {
                out.append(c);
            } else if (doubled) {
                out.append(c);
                position++;
            } else if (c == '{') {
                int close = source.indexOf('}', position);
                if (close < 0) {
                    throw new JinjaError("expected '}' before end of string");
                }
                field(source.substring(position, close));
                position = close + 1;
            } else {
                throw new JinjaError("Single '}' encountered in format string");
            }
        }
    }

    private void field(String field) {
        if (field.indexOf('{') >= 0) {
            throw new JinjaError("nested fields in a format string are not supported");
        }
        int colon = field.indexOf(':');
        String specification = colon < 0 ? "" : field.substring(colon + 1);
        String head = colon < 0 ? field : field.substring(0, colon);
        int bang = head.indexOf('!');
        Value value = value(bang < 0 ? head : head.substring(0, bang));
        if (bang >= 0) {
            value = switch (head.substring(bang + 1)) {
                case "r", "a" -> new Value.Str(PyRepr.repr(value, runtime.budget()));
                case "s" -> new Value.Str(runtime.str(value));
                default -> throw new JinjaError("Unknown conversion specifier " + head.substring(bang + 1));
            };
        }
        String text = new FormatSpec(specification).apply(runtime, value);
        runtime.budget().allocate(text.length());
        out.append(text);
    }

    private Value value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Value value = argument(path.substring(0, end));
        Access access = new Access(runtime);
        while (end < path.length()) {
            boolean item = path.charAt(end) == '[';
            int start = end + 1;
            int stop = start;
            while (stop < path.length() && (item ? path.charAt(stop) != ']' : path.charAt(stop) != '.' && path.charAt(stop) != '[')) {
                stop++;
            }
            String name = path.substring(start, stop);
            value = item ? access.item(value, isNumber(name) ? new Value.Int(new java.math.BigInteger(name)) : new Value.Str(name))
                    : access.attribute(value, name);
            end = item ? stop + 1 : stop;
        }
        return value;
    }

    private Value argument(String name) {
        if (name.isEmpty() || isNumber(name)) {
            int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
            if (index >= arguments.positional().size()) {
                throw new JinjaError("Replacement index " + index + " out of range for positional args tuple");
            }
            return arguments.positional().get(index);
        }
        Value value = arguments.named().get(name);
        if (value == null) {
            throw new JinjaError(PyRepr.quote(name));
        }
        return value;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
