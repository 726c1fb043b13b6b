package dev.candor.inference.text.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** Python's {@code iter()} and {@code len()}. */
final class Iteration {
    private Iteration() {
    }

    /** @return an iterator that spends a step for every item */
    static Iterator<Value> of(Value value, Runtime runtime) {
        Iterator<Value> iterator = iteratorOrNull(value);
        if (iterator == null) {
            throw new JinjaError("'" + value.typeName() + "' object is not iterable");
        }
        return counted(iterator, runtime.budget());
    }

    static boolean isIterable(Value value) {
        return iteratorOrNull(value) != null;
    }

    private static Iterator<Value> iteratorOrNull(Value value) {
        return switch (value) {
            case Value.Sequence sequence -> sequence.items().iterator();
            case Value.Str string -> string.text().codePoints()
                    .<Value>mapToObj(c -> new Value.Str(Character.toString(c))).iterator();
            case Value.Dict dict -> dict.entries().values().stream().map(Value.DictEntry::key).iterator();
            case Value.DictView view -> view.items().iterator();
            case Value.Lazy lazy -> lazy.iterator();
            case Value.Undefined _ -> Collections.emptyIterator();
            case Value.Helper _, Value.None _, Value.Bool _, Value.Int _, Value.Real _, Value.Namespace _, Value.Callable _ -> null;
        };
    }

    /** The length, or -1 if the value has none. */
    static int length(Value value) {
        return switch (value) {
            case Value.Sequence sequence -> sequence.items().size();
            case Value.Str string -> PyText.length(string.text());
            case Value.Dict dict -> dict.entries().size();
            case Value.DictView view -> view.items().size();
            case Value.Undefined _ -> 0;
            case Value.Helper _, Value.None _, Value.Bool _, Value.Int _, Value.Real _, Value.Namespace _, Value.Callable _,
                 Value.Lazy _ -> -1;
        };
    }

    /** A series whose items are made when asked for; {@code next} gives null at the end. */
    static Value.Lazy lazy(Budget budget, Supplier<Value> next) {
        return new Value.Lazy("generator", new Iterator<>() {
            private Value ahead;

            @Override
            public boolean hasNext() {
                if (ahead == null) {
                    budget.enter();
                    ahead = next.get();
                    budget.leave();
                }
                return ahead != null;
            }

            @Override
            public Value next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Value value = ahead;
                ahead = null;
                return value;
            }
        });
    }

    /** A series for which nothing is done, and nothing can fail, before its first item is asked for. */
    static Value.Lazy deferred(Budget budget, Supplier<Iterator<Value>> series) {
        return lazy(budget, new Supplier<>() {
            private Iterator<Value> started;

            @Override
            public Value get() {
                if (started == null) {
                    started = series.get();
                }
                return started.hasNext() ? started.next() : null;
            }
        });
    }

    private static Iterator<Value> counted(Iterator<Value> iterator, Budget budget) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                budget.step();
                return iterator.hasNext();
            }

            @Override
            public Value next() {
                return iterator.next();
            }
        };
    }
}
