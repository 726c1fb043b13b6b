package dev.candor.inference.text.jinja;

import java.util.List;

/** Finding, counting and replacing inside a string; positions are code points, and every search takes linear time. */
final class StringSearch {
    private StringSearch() {
    }

    static Value affix(Runtime runtime, String self, Bound bound, boolean prefix) {
        String part = part(self, bound);
        runtime.budget().scan(part == null ? 1 : part.length());
        if (part == null) {
            return Value.Bool.FALSE;
        }
        List<Value> candidates = bound.get(0) instanceof Value.Tuple tuple ? tuple.items() : List.of(bound.get(0));
        for (Value candidate : candidates) {
            if (!(candidate instanceof Value.Str text)) {
                throw new JinjaError((prefix ? "startswith" : "endswith") + " first arg must be str or a tuple of str, not "
                        + candidate.typeName());
            }
            runtime.budget().scan(text.text().length());
            if (prefix ? part.startsWith(text.text()) : part.endsWith(text.text())) {
                return Value.Bool.TRUE;
            }
        }
        return Value.Bool.FALSE;
    }

    /** The part of the string from argument 1 to argument 2, or null if it starts after the end. */
    private static String part(String self, Bound bound) {
        if (!bound.hasValue(1) && !bound.hasValue(2)) {
            return self;
        }
        int length = PyText.length(self);
        int start = start(bound, length);
        if (start > length) {
            return null;
        }
        int end = clip(bound.integer(2, length), length);
        return start > end ? null : self.substring(PyText.offset(self, start), PyText.offset(self, end));
    }

    private static int start(Bound bound, int length) {
        int start = bound.integer(1, 0);
        return start < 0 ? Math.max(0, start + length) : start;
    }

    private static int clip(int index, int length) {
        return Math.clamp(index < 0 ? index + length : index, 0, length);
    }

    static Value find(Runtime runtime, String self, Bound bound, boolean last, boolean strict) {
        String needle = bound.text(0);
        runtime.budget().scan((long) self.length() + needle.length());
        String part = part(self, bound);
        int at = part == null ? -1 : last ? lastIndex(part, needle) : PyText.find(part, needle, 0);
        if (at < 0 && strict) {
            throw new JinjaError("substring not found");
        }
        return Value.Int.of(at < 0 ? -1 : part.codePointCount(0, at) + start(bound, PyText.length(self)));
    }

    static int lastIndex(String text, String needle) {
        if (needle.length() < 16) {
            return text.lastIndexOf(needle);
        }
        String reversed = new StringBuilder(text).reverse().toString();
        int at = PyText.find(reversed, new StringBuilder(needle).reverse().toString(), 0);
        return at < 0 ? -1 : text.length() - at - needle.length();
    }

    static Value count(Runtime runtime, String self, Bound bound) {
        String needle = bound.text(0);
        runtime.budget().scan((long) self.length() + needle.length());
        String part = part(self, bound);
        if (part == null) {
            return Value.Int.of(0);
        }
        return Value.Int.of(needle.isEmpty() ? PyText.length(part) + 1 : PyText.findAll(part, needle, Long.MAX_VALUE).size());
    }

    /** @param count how many replacements are made at most; negative for all */
    static String replace(Runtime runtime, String self, String old, String replacement, int count) {
        long most = count < 0 ? Long.MAX_VALUE : count;
        runtime.budget().allocate(self.length());
        if (old.isEmpty()) {
            return interleave(runtime, self, replacement, most);
        }
        List<Integer> found = PyText.findAll(self, old, most);
        long length = self.length() + (long) found.size() * (replacement.length() - old.length());
        runtime.budget().allocate(Math.max(0, length));
        StringBuilder out = new StringBuilder((int) length);
        int from = 0;
        for (int at : found) {
            out.append(self, from, at).append(replacement);
            from = at + old.length();
        }
        return out.append(self, from, self.length()).toString();
    }

    private static String interleave(Runtime runtime, String self, String between, long most) {
        runtime.budget().allocate((self.length() + 1L) * between.length() + self.length());
        StringBuilder out = new StringBuilder();
        long made = 0;
        for (int at = 0; at < self.length(); at += Character.charCount(self.codePointAt(at))) {
            out.append(made++ < most ? between : "").appendCodePoint(self.codePointAt(at));
        }
        return out.append(made < most ? between : "").toString();
    }
}
