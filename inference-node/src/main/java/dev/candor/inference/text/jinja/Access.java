package dev.candor.inference.text.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** {@code value.name}, {@code value[index]} and {@code value[a:b:c]} as Jinja2's immutable sandbox resolves them. */
final class Access {
    private final Runtime runtime;

    Access(Runtime runtime) {
        this.runtime = runtime;
    }

    Value attribute(Value object, String name) {
        Value attribute = ownAttribute(object, name);
        if (attribute == null && object instanceof Value.Dict dict) {
            Value.DictEntry entry = dict.entries().get(name);
            attribute = entry == null ? null : entry.value();
        }
        return attribute == null ? missing(object, name) : attribute;
    }

    Value item(Value object, Value index) {
        Value item = ownItem(object, index);
        if (item == null && index instanceof Value.Str name) {
            item = ownAttribute(object, name.text());
            return item == null ? missing(object, name.text()) : item;
        }
        return item == null
                ? new Value.Undefined(describe(object) + " has no element " + PyRepr.repr(index, runtime.budget())) : item;
    }

    private static Value missing(Value object, String name) {
        return new Value.Undefined("'" + describe(object) + "' has no attribute " + PyRepr.quote(name));
    }

    private static String describe(Value object) {
        return switch (object) {
            case Value.None _ -> "None";
            case Value.Namespace _ -> "jinja2.utils.Namespace object";
            default -> object.typeName() + " object";
        };
    }

    /** An attribute in the narrow sense: a method, or a field of a namespace or helper; or null. */
    private Value ownAttribute(Value object, String name) {
        Value attribute = switch (object) {
            case Value.Undefined undefined -> throw undefined.error();
            case Value.Str text -> StringMethods.of(text, name);
            case Value.Dict dict -> CollectionMethods.of(dict, name);
            case Value.ListValue list -> CollectionMethods.of(list, name);
            case Value.Tuple tuple when tuple.names().contains(name) -> tuple.items().get(tuple.names().indexOf(name));
            case Value.Sequence sequence -> CollectionMethods.of(sequence, name);
            case Value.Namespace namespace -> namespace.attributes().get(name);
            case Value.Callable callable -> name.equals("name") ? new Value.Str(callable.name()) : null;
            case Value.Helper helper -> helper.attribute(runtime, name);
            default -> null;
        };
        if (attribute == null && (name.startsWith("__") || CollectionMethods.isMutator(object, name))) {
            return new Value.Undefined("access to attribute " + PyRepr.quote(name) + " of '" + object.typeName() + "' object is unsafe.");
        }
        return attribute;
    }

    private Value ownItem(Value object, Value index) {
        return switch (object) {
            case Value.Undefined undefined -> throw undefined.error();
            case Value.Dict dict -> entry(dict, index);
            case Value.Sequence sequence -> {
                int at = position(index, sequence.items().size());
                yield at < 0 ? null : sequence.items().get(at);
            }
            case Value.Str text -> character(text, index);
            default -> null;
        };
    }

    private Value entry(Value.Dict dict, Value index) {
        if (index instanceof Value.ListValue || index instanceof Value.Dict || index instanceof Value.DictView) {
            return null;
        }
        Value.DictEntry entry = dict.entries().get(DictKeys.of(index, runtime.budget()));
        return entry == null ? null : entry.value();
    }

    private Value character(Value.Str text, Value index) {
        runtime.budget().scan(text.text().length());
        int at = position(index, PyText.length(text.text()));
        return at < 0 ? null
                : new Value.Str(Character.toString(text.text().codePointAt(PyText.offset(text.text(), at))), text.markup());
    }

    /** The position that a possibly negative index means, or -1 if it is no index or out of range. */
    private static int position(Value index, int length) {
        BigInteger integer = Numbers.integer(index);
        if (integer == null || integer.bitLength() >= Integer.SIZE) {
            return -1;
        }
        int at = integer.intValue() < 0 ? integer.intValue() + length : integer.intValue();
        return at < length ? at : -1;
    }

    /** @param start,stop,step null or {@code None} if left out */
    Value slice(Value object, Value start, Value stop, Value step) {
        return switch (object) {
            case Value.Undefined undefined -> throw undefined.error();
            case Value.Str text -> sliced(text, start, stop, step);
            case Value.Sequence sequence -> {
                Slice slice = Slice.of(start, stop, step, sequence.items().size());
                runtime.budget().allocateEntries(slice.count());
                List<Value> items = new ArrayList<>(slice.count());
                slice.forEach(at -> items.add(sequence.items().get(at)));
                yield switch (sequence) {
                    case Value.ListValue _ -> new Value.ListValue(items);
                    case Value.Tuple _ -> new Value.Tuple(items, List.of());
                    case Value.Range range -> new Value.Range(at(range, slice.first()), at(range, slice.stop()),
                            range.step().multiply(BigInteger.valueOf(slice.step())), items);
                };
            }
            case Value.Dict _ -> throw new JinjaError("unhashable type: 'slice'");
            default -> throw new JinjaError("'" + object.typeName() + "' object is not subscriptable");
        };
    }

    private static BigInteger at(Value.Range range, int index) {
        return range.start().add(range.step().multiply(BigInteger.valueOf(index)));
    }

    private Value sliced(Value.Str text, Value start, Value stop, Value step) {
        String source = text.text();
        Slice slice = Slice.of(start, stop, step, PyText.length(source));
        runtime.budget().allocate(source.length());
        int[] characters = source.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        slice.forEach(at -> out.appendCodePoint(characters[at]));
        return new Value.Str(out.toString(), text.markup());
    }
}
