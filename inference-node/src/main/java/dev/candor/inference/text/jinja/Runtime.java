package dev.candor.inference.text.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What functions, filters and tests may use while one template is rendered. Not thread-safe: one per rendering. */
final class Runtime {
    private final Budget budget;
    private final Clock clock;

    Runtime(Budget budget, Clock clock) {
        this.budget = budget;
        this.clock = clock;
    }

    Budget budget() {
        return budget;
    }

    ZonedDateTime now() {
        return ZonedDateTime.now(clock);
    }

    String str(Value value) {
        return PyRepr.str(value, budget);
    }

    /** The value itself if it is a string, else its {@code str()}. */
    Value.Str soft(Value value) {
        return value instanceof Value.Str string ? string : new Value.Str(str(value));
    }

    Value.Str text(String text) {
        budget.allocate(text.length());
        return new Value.Str(text);
    }

    Value.ListValue list(List<Value> items) {
        budget.allocateEntries(items.size());
        return new Value.ListValue(items);
    }

    Value.ListValue texts(List<String> items) {
        List<Value> values = new ArrayList<>(items.size());
        items.forEach(item -> values.add(text(item)));
        return list(values);
    }

    /** All items of a value that can be iterated; a {@code Lazy} is used up by it. */
    List<Value> items(Value value) {
        if (value instanceof Value.Sequence sequence) {
            budget.scan(sequence.items().size());
            return sequence.items();
        }
        List<Value> items = new ArrayList<>();
        for (Iterator<Value> all = Iteration.of(value, this); all.hasNext();) {
            budget.allocateEntries(1);
            items.add(all.next());
        }
        return items;
    }

    Value filter(String name, Value input, Arguments arguments) {
        budget.step();
        return Filters.named(name).apply(this, input, arguments);
    }

    boolean test(String name, Value input, Arguments arguments) {
        budget.step();
        return Tests.named(name).apply(this, input, arguments);
    }

    Value call(Value function, Arguments arguments) {
        budget.enter();
        Value result = switch (function) {
            case Value.Callable callable -> callable.function().call(this, arguments);
            case Value.Helper helper -> helper.call(this, arguments);
            case Value.Undefined undefined -> throw undefined.error();
            default -> throw new JinjaError("'" + function.typeName() + "' object is not callable");
        };
        budget.leave();
        return result;
    }
}
