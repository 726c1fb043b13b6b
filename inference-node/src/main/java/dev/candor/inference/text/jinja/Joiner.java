package dev.candor.inference.text.jinja;

/** {@code joiner(separator)}: gives nothing when called for the first time, afterwards the separator. */
final class Joiner implements Value.Helper {
    private final Value separator;
    private boolean used;

    Joiner(Value separator) {
        this.separator = separator;
    }

    @Override
    public String typeName() {
        return "Joiner";
    }

    @Override
    public Value attribute(Runtime runtime, String name) {
        return name.equals("sep") ? separator : null;
    }

    @Override
    public Value call(Runtime runtime, Arguments arguments) {
        Value result = used ? separator : Value.Str.EMPTY;
        used = true;
        return result;
    }
}
