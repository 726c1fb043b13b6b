package dev.candor.inference.text.jinja;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters that give a string. */
final class TextFilters {
    private TextFilters() {
    }

    static Map<String, FilterFunction> table() {
        Map<String, FilterFunction> table = new HashMap<>();
        table.put("upper", (rt, v, a) -> kept(rt, v, a, "upper", rt.soft(v).text().toUpperCase(Locale.ROOT)));
        table.put("lower", (rt, v, a) -> kept(rt, v, a, "lower", rt.soft(v).text().toLowerCase(Locale.ROOT)));
        table.put("capitalize", (rt, v, a) -> kept(rt, v, a, "capitalize", Casing.capitalize(rt.soft(v).text())));
        table.put("title", (rt, v, a) -> {
            a.bind("title", 0);
            return rt.text(title(rt.soft(v).text()));
        });
        table.put("string", (rt, v, a) -> kept(rt, v, a, "string", rt.soft(v).text()));
        table.put("trim", TextFilters::trim);
        table.put("replace", TextFilters::replace);
        table.put("join", TextFilters::join);
        table.put("indent", TextFilters::indent);
        table.put("center", (rt, v, a) -> {
            Bound bound = a.bind("center", 0, "width");
            return new Value.Str(Padding.center(rt, rt.str(v), Arguments.of(bound.get(0, Value.Int.of(80))).bind("center", 1, "width", "fillchar")));
        });
        table.put("truncate", TextFilters::truncate);
        table.put("format", TextFilters::format);
        table.put("tojson", TextFilters::toJson);
        table.put("escape", (rt, v, a) -> escape(rt, v, a, false));
        table.put("e", (rt, v, a) -> escape(rt, v, a, false));
        table.put("forceescape", (rt, v, a) -> escape(rt, v, a, true));
        table.put("safe", (rt, v, a) -> {
            a.bind("safe", 0);
            return new Value.Str(rt.str(v), true);
        });
        table.put("urlencode", TextFilters::urlEncode);
        return table;
    }

    private static Value kept(Runtime runtime, Value value, Arguments arguments, String name, String result) {
        arguments.bind(name, 0);
        runtime.budget().allocate(result.length());
        return new Value.Str(result, value instanceof Value.Str string && string.markup());
    }

    /** Jinja2's own idea of title case: words begin after whitespace, a hyphen or an opening bracket. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean starting = true;
        for (int at = 0; at < text.length();) {
            int c = text.codePointAt(at);
            String one = Character.toString(c);
            out.append(starting ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            starting = PyText.isSpace(c) || "-({[<".indexOf(c) >= 0;
            at += Character.charCount(c);
        }
        return out.toString();
    }

    private static Value trim(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("trim", 0, "chars");
        String text = runtime.soft(value).text();
        String trimmed = bound.hasValue(0) ? PyText.stripRight(PyText.stripLeft(text, bound.text(0)), bound.text(0)) : PyText.strip(text);
        return kept(runtime, value, Arguments.NONE, "trim", trimmed);
    }

    private static Value replace(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("replace", 2, "old", "new", "count");
        return new Value.Str(StringSearch.replace(runtime, runtime.str(value), runtime.str(bound.get(0)), runtime.str(bound.get(1)),
                bound.integer(2, -1)));
    }

    private static Value join(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("join", 0, "d", "attribute");
        String separator = runtime.str(bound.get(0, Value.Str.EMPTY));
        StringBuilder out = new StringBuilder();
        String before = "";
        for (Iterator<Value> all = Iteration.of(value, runtime); all.hasNext();) {
            Value item = all.next();
            String part = runtime.str(bound.hasValue(1) ? AttributePath.of(runtime, bound.get(1)).get(item) : item);
            runtime.budget().allocate((long) part.length() + before.length());
            out.append(before).append(part);
            before = separator;
        }
        return new Value.Str(out.toString());
    }

    private static Value indent(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("indent", 0, "width", "first", "blank");
        if (!(value instanceof Value.Str text)) {
            throw value instanceof Value.Undefined undefined ? undefined.error()
                    : new JinjaError("indent() needs a str, not " + value.typeName());
        }
        Value width = bound.get(0, Value.Int.of(4));
        int spaces = width instanceof Value.Str ? 0 : Numbers.clamp(Numbers.index(width));
        runtime.budget().allocate(Math.max(0, spaces));
        String indention = width instanceof Value.Str given ? given.text() : " ".repeat(Math.max(0, spaces));
        List<String> lines = PyText.lines(text.text() + "\n", false);
        runtime.budget().allocate(text.text().length() + (long) lines.size() * (indention.length() + 1));
        boolean blank = bound.flag(2, false);
        List<String> indented = new ArrayList<>(lines.size());
        for (String line : lines) {
            boolean indent = indented.isEmpty() ? bound.flag(1, false) : blank || !line.isEmpty();
            indented.add(indent ? indention + line : line);
        }
        return new Value.Str(String.join("\n", indented), text.markup());
    }

    private static Value truncate(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
        int most = bound.integer(0, 255);
        String end = bound.text(2, "...");
        int leeway = bound.integer(3, 5);
        int keep = most - PyText.length(end);
        if (keep < 0 || leeway < 0) {
            throw new JinjaError("expected length >= " + PyText.length(end) + " and leeway >= 0");
        }
        int length = Iteration.length(value);
        if (length >= 0 && length <= (long) most + leeway) {
            return value;
        }
        if (!(value instanceof Value.Str text)) {
            throw new JinjaError("truncate() needs a str, not " + value.typeName());
        }
        String cut = text.text().substring(0, PyText.offset(text.text(), keep));
        int space = cut.lastIndexOf(' ');
        return runtime.text((bound.flag(1, false) || space < 0 ? cut : cut.substring(0, space)) + end);
    }

    private static Value format(Runtime runtime, Value value, Arguments arguments) {
        if (arguments.named().isEmpty()) {
            return PercentFormat.format(runtime, runtime.soft(value), new Value.Tuple(arguments.positional(), List.of()));
        }
        if (!arguments.positional().isEmpty()) {
            throw new JinjaError("can't handle positional and keyword arguments at the same time");
        }
        DictKeys.Builder named = new DictKeys.Builder(runtime.budget());
        arguments.named().forEach((name, argument) -> named.put(new Value.Str(name), argument));
        return PercentFormat.format(runtime, runtime.soft(value), named.build());
    }

    private static Value toJson(Runtime runtime, Value value, Arguments arguments) {
        Bound bound = arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        return new Value.Str(JsonWriter.write(runtime.budget(), value, JsonLayout.of(bound)));
    }

    private static Value escape(Runtime runtime, Value value, Arguments arguments, boolean again) {
        arguments.bind("escape", 0);
        if (value instanceof Value.Str string && string.markup() && !again) {
            return value;
        }
        String escaped = Html.escape(runtime.str(value));
        runtime.budget().allocate(escaped.length());
        return new Value.Str(escaped, true);
    }

    private static Value urlEncode(Runtime runtime, Value value, Arguments arguments) {
        arguments.bind("urlencode", 0);
        if (!(value instanceof Value.Str) && Iteration.isIterable(value)) {
            throw new JinjaError("urlencode() of pairs is not supported");
        }
        String text = runtime.str(value);
        runtime.budget().allocate(9L * text.length());
        return new Value.Str(URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20").replace("*", "%2A").replace("%7E", "~").replace("%2F", "/"));
    }
}
