package dev.candor.inference.text.jinja;

/** What {@code input is name(arguments)} calls. */
@FunctionalInterface
interface TestFunction {
    boolean apply(Runtime runtime, Value input, Arguments arguments);
}
