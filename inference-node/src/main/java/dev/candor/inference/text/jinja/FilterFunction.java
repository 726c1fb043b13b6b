package dev.candor.inference.text.jinja;

/** What {@code input | name(arguments)} calls. */
@FunctionalInterface
interface FilterFunction {
    Value apply(Runtime runtime, Value input, Arguments arguments);
}
