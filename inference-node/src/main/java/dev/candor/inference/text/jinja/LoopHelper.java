package dev.candor.inference.text.jinja;

import java.util.Iterator;
import java.util.List;

/** The variable {@code loop}; it looks ahead in the series only when asked. */
final class LoopHelper implements Value.Helper {
    private final Runtime runtime;
    private final int depth;
    private final Value.Function recursion;
    private Iterator<Value> rest;
    private int length;
    private int index = -1;
    private Value before;
    private Value current;
    private Value ahead;
    private List<Value> lastChanged;

    /** @param recursion what {@code loop(series)} does, or null if the loop is not recursive */
    LoopHelper(Runtime runtime, Value series, int depth, Value.Function recursion) {
        this.runtime = runtime;
        this.rest = Iteration.of(series, runtime);
        this.length = Iteration.length(series);
        this.depth = depth;
        this.recursion = recursion;
    }

    /** Goes to the next item. */
    boolean advance() {
        if (!peek()) {
            return false;
        }
        before = current;
        current = ahead;
        ahead = null;
        index++;
        return true;
    }

    Value current() {
        return current;
    }

    private boolean peek() {
        if (ahead == null && rest.hasNext()) {
            ahead = rest.next();
        }
        return ahead != null;
    }

    int length() {
        if (length < 0) {
            List<Value> items = runtime.items(new Value.Lazy("generator", rest));
            rest = items.iterator();
            length = items.size() + index + 1 + (ahead == null ? 0 : 1);
        }
        return length;
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    @Override
    public String describe() {
        return "<LoopContext " + (index + 1) + "/" + length() + ">";
    }

    @Override
    public Value attribute(Runtime runtime, String name) {
        return switch (name) {
            case "index" -> Value.Int.of(index + 1L);
            case "index0" -> Value.Int.of(index);
            case "length" -> Value.Int.of(length());
            case "revindex" -> Value.Int.of((long) length() - index);
            case "revindex0" -> Value.Int.of(length() - index - 1L);
            case "first" -> Value.Bool.of(index == 0);
            case "last" -> Value.Bool.of(!peek());
            case "previtem" -> before == null ? new Value.Undefined("there is no previous item") : before;
            case "nextitem" -> peek() ? ahead : new Value.Undefined("there is no next item");
            case "depth" -> Value.Int.of(depth + 1L);
            case "depth0" -> Value.Int.of(depth);
            case "cycle" -> Value.Callable.builtin(name, (_, arguments) -> cycle(arguments.positional()));
            case "changed" -> Value.Callable.builtin(name, (_, arguments) -> Value.Bool.of(changed(arguments.positional())));
            default -> null;
        };
    }

    private Value cycle(List<Value> items) {
        if (items.isEmpty()) {
            throw new JinjaError("no items for cycling given");
        }
        return items.get(index % items.size());
    }

    private boolean changed(List<Value> values) {
        Comparison comparison = new Comparison(runtime);
        boolean same = lastChanged != null && comparison.equal(new Value.ListValue(lastChanged), new Value.ListValue(values));
        lastChanged = values;
        return !same;
    }

    @Override
    public Value call(Runtime runtime, Arguments arguments) {
        if (recursion == null) {
            throw new JinjaError("The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.call(runtime, arguments);
    }
}
