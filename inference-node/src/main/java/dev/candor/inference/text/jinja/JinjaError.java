package dev.candor.inference.text.jinja;

/** A failure inside the interpreter, on its way to the caller as a {@code TemplateException}; it carries no stack trace. */
final class JinjaError extends RuntimeException {
    private final boolean verbatim;
    private int line;

    private JinjaError(String message, boolean verbatim, int line) {
        super(message, null, false, false);
        this.verbatim = verbatim;
        this.line = line;
    }

    JinjaError(String message) {
        this(message, false, 0);
    }

    static JinjaError at(int line, String message) {
        return new JinjaError(message, false, line);
    }

    /** What the template itself said by {@code raise_exception}. */
    static JinjaError raised(String text) {
        return new JinjaError(text, true, 0);
    }

    static JinjaError unsupportedOperands(String operator, Value left, Value right) {
        return new JinjaError("unsupported operand type(s) for " + operator + ": '" + left.typeName() + "' and '"
                + right.typeName() + "'");
    }

    /** The innermost line wins. */
    JinjaError inLine(int where) {
        if (line == 0) {
            line = where;
        }
        return this;
    }

    String describe() {
        if (verbatim) {
            return getMessage();
        }
        return line == 0 ? "chat template: " + getMessage() : "chat template line " + line + ": " + getMessage();
    }
}
