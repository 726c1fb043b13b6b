package dev.candor.inference.text.jinja;

import java.util.List;

/** {@code cycler(...)}: gives its items in turn, again and again. */
final class Cycler implements Value.Helper {
    private final List<Value> items;
    private int position;

    Cycler(List<Value> items) {
        if (items.isEmpty()) {
            throw new JinjaError("at least one item has to be provided");
        }
        this.items = items;
    }

    @Override
    public String typeName() {
        return "Cycler";
    }

    @Override
    public Value attribute(Runtime runtime, String name) {
        return switch (name) {
            case "current" -> items.get(position);
            case "next" -> Value.Callable.builtin(name, (_, _) -> next());
            case "reset" -> Value.Callable.builtin(name, (_, _) -> {
                position = 0;
                return Value.None.NONE;
            });
            default -> null;
        };
    }

    private Value next() {
        Value item = items.get(position);
        position = (position + 1) % items.size();
        return item;
    }
}
