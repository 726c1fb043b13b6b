package dev.candor.inference.text.jinja;

/** Python's truth of a value. */
final class Truth {
    private Truth() {
    }

    static boolean of(Value value) {
        return switch (value) {
            case Value.None _, Value.Undefined _ -> false;
            case Value.Bool bool -> bool == Value.Bool.TRUE;
            case Value.Int integer -> integer.value().signum() != 0;
            case Value.Real real -> real.value() != 0;
            case Value.Str string -> !string.text().isEmpty();
            case Value.Sequence sequence -> !sequence.items().isEmpty();
            case Value.Dict dict -> !dict.entries().isEmpty();
            case Value.DictView view -> !view.items().isEmpty();
            case Value.Lazy _, Value.Namespace _, Value.Callable _, Value.Helper _ -> true;
        };
    }
}
