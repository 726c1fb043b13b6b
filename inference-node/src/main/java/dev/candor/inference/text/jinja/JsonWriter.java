package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Writes a value as JSON, in the bytes that Python's {@code json.dumps} gives. */
final class JsonWriter {
    private final Budget budget;
    private final JsonLayout layout;
    private final StringBuilder out = new StringBuilder();

    private JsonWriter(Budget budget, JsonLayout layout) {
        this.budget = budget;
        this.layout = layout;
    }

    static String write(Budget budget, Value value, JsonLayout layout) {
        JsonWriter writer = new JsonWriter(budget, layout);
        writer.value(value, 0);
        return writer.out.toString();
    }

    private void value(Value value, int level) {
        budget.enter();
        switch (value) {
            case Value.None _ -> add("null");
            case Value.Bool bool -> add(bool == Value.Bool.TRUE ? "true" : "false");
            case Value.Int integer -> add(integer.value().toString());
            case Value.Real real -> add(number(real.value()));
            case Value.Str string -> string(string.text());
            case Value.ListValue list -> items(list.items(), level);
            case Value.Tuple tuple -> items(tuple.items(), level);
            case Value.Dict dict -> dict(dict, level);
            case Value.Range _, Value.DictView _, Value.Lazy _, Value.Namespace _, Value.Undefined _, Value.Callable _, Value.Helper _ ->
                    throw new JinjaError("Object of type " + value.typeName() + " is not JSON serializable");
        }
        budget.leave();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "NaN" : Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : PyRepr.number(value);
    }

    private void add(String text) {
        budget.allocate(text.length());
        out.append(text);
    }

    private void items(List<Value> items, int level) {
        if (items.isEmpty()) {
            add("[]");
            return;
        }
        add("[");
        for (Iterator<Value> all = items.iterator(); all.hasNext();) {
            newLine(level + 1);
            value(all.next(), level + 1);
            add(all.hasNext() ? layout.itemSeparator() : "");
        }
        newLine(level);
        add("]");
    }

    private void dict(Value.Dict dict, int level) {
        if (dict.entries().isEmpty()) {
            add("{}");
            return;
        }
        List<Value.DictEntry> entries = new ArrayList<>(dict.entries().values());
        if (layout.sortKeys()) {
            entries.sort((a, b) -> PyText.compare(sortable(a.key()), sortable(b.key())));
        }
        add("{");
        for (Iterator<Value.DictEntry> all = entries.iterator(); all.hasNext();) {
            Value.DictEntry entry = all.next();
            newLine(level + 1);
            string(key(entry.key()));
            add(layout.keySeparator());
            value(entry.value(), level + 1);
            add(all.hasNext() ? layout.itemSeparator() : "");
        }
        newLine(level);
        add("}");
    }

    private static String sortable(Value key) {
        if (key instanceof Value.Str string) {
            return string.text();
        }
        throw new JinjaError("tojson() can sort text keys only, not " + key.typeName());
    }

    private static String key(Value key) {
        return switch (key) {
            case Value.Str string -> string.text();
            case Value.Bool bool -> bool == Value.Bool.TRUE ? "true" : "false";
            case Value.None _ -> "null";
            case Value.Int integer -> integer.value().toString();
            case Value.Real real -> number(real.value());
            default -> throw new JinjaError("keys must be str, int, float, bool or None, not " + key.typeName());
        };
    }

    private void newLine(int level) {
        if (layout.indent() != null) {
            budget.allocate(1L + (long) level * layout.indent().length());
            out.append('\n').repeat(layout.indent(), level);
        }
    }

    private void string(String text) {
        budget.allocate(text.length() + 2L);
        int start = out.length();
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        out.append('"');
        budget.allocate(Math.max(0, out.length() - start - text.length()));
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\f' -> out.append("\\f");
            case '\b' -> out.append("\\b");
            default -> {
                if (c < ' ' || layout.asciiOnly() && c > '~') {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
