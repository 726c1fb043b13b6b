package dev.candor.inference.text.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** A value of the template language: nothing outside this hierarchy can be reached from a template. */
sealed interface Value {
    /** Python's name of the type, for messages. */
    String typeName();

    enum None implements Value {
        NONE;

        @Override
        public String typeName() {
            return "NoneType";
        }
    }

    enum Bool implements Value {
        FALSE, TRUE;

        static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public String typeName() {
            return "bool";
        }
    }

    record Int(BigInteger value) implements Value {
        static Int of(long value) {
            return new Int(BigInteger.valueOf(value));
        }

        @Override
        public String typeName() {
            return "int";
        }
    }

    record Real(double value) implements Value {
        @Override
        public String typeName() {
            return "float";
        }
    }

    /** @param markup whether the text counts as HTML already, so that what is joined to it is escaped */
    record Str(String text, boolean markup) implements Value {
        static final Str EMPTY = new Str("");

        Str(String text) {
            this(text, false);
        }

        @Override
        public String typeName() {
            return markup ? "Markup" : "str";
        }
    }

    /** An indexable series of known length. */
    sealed interface Sequence extends Value {
        List<Value> items();
    }

    record ListValue(List<Value> items) implements Sequence {
        @Override
        public String typeName() {
            return "list";
        }
    }

    /** @param names attribute names of the entries, or empty */
    record Tuple(List<Value> items, List<String> names) implements Sequence {
        static Tuple of(Value... items) {
            return new Tuple(List.of(items), List.of());
        }

        @Override
        public String typeName() {
            return "tuple";
        }
    }

    record Range(BigInteger start, BigInteger stop, BigInteger step, List<Value> items) implements Sequence {
        @Override
        public String typeName() {
            return "range";
        }
    }

    /** An ordered map under canonical keys; see {@link DictKeys}. */
    record Dict(Map<Object, DictEntry> entries) implements Value {
        @Override
        public String typeName() {
            return "dict";
        }
    }

    record DictEntry(Value key, Value value) {
    }

    /** What {@code keys()}, {@code values()} and {@code items()} of a dict give: countable, not indexable. */
    record DictView(String typeName, List<Value> items) implements Value {
    }

    /** A series that can be walked once. */
    record Lazy(String typeName, java.util.Iterator<Value> iterator) implements Value {
    }

    /** Attributes that a template may set. */
    record Namespace(Map<String, Value> attributes) implements Value {
        @Override
        public String typeName() {
            return "Namespace";
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** @param message what using the value would report */
    record Undefined(String message) implements Value {
        @Override
        public String typeName() {
            return "Undefined";
        }

        JinjaError error() {
            return new JinjaError(message);
        }
    }

    /** A function, macro or bound method. */
    record Callable(String typeName, String name, Function function) implements Value {
        static Callable builtin(String name, Function function) {
            return new Callable("builtin_function_or_method", name, function);
        }
    }

    /** The body of a {@link Callable}. */
    @FunctionalInterface
    interface Function {
        Value call(Runtime runtime, Arguments arguments);
    }

    /** An object of the language itself with a fixed set of attributes: {@code loop}, {@code cycler}, {@code joiner}. */
    non-sealed interface Helper extends Value {
        /** The attribute, or null if there is none of that name. */
        Value attribute(Runtime runtime, String name);

        default String describe() {
            return "<" + typeName() + ">";
        }

        default Value call(Runtime runtime, Arguments arguments) {
            throw new JinjaError("'" + typeName() + "' object is not callable");
        }
    }
}
