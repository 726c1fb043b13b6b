package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's {@code split}, {@code rsplit}, {@code partition} and {@code rpartition}. */
final class StringSplit {
    private StringSplit() {
    }

    static Value split(Runtime runtime, String self, Bound bound, boolean fromRight) {
        runtime.budget().scan(self.length());
        int most = bound.integer(1, -1);
        long limit = most < 0 ? Long.MAX_VALUE : most;
        if (!bound.hasValue(0)) {
            return runtime.texts(fromRight ? wordsFromRight(self, limit) : words(self, limit));
        }
        String separator = nonEmpty(bound.text(0));
        return runtime.texts(fromRight ? partsFromRight(self, separator, limit) : parts(self, separator, limit));
    }

    private static String nonEmpty(String separator) {
        if (separator.isEmpty()) {
            throw new JinjaError("empty separator");
        }
        return separator;
    }

    private static List<String> parts(String self, String separator, long limit) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at : PyText.findAll(self, separator, limit)) {
            parts.add(self.substring(from, at));
            from = at + separator.length();
        }
        parts.add(self.substring(from));
        return parts;
    }

    private static List<String> partsFromRight(String self, String separator, long limit) {
        String reversed = new StringBuilder(self).reverse().toString();
        List<String> parts = parts(reversed, new StringBuilder(separator).reverse().toString(), limit);
        parts.replaceAll(part -> new StringBuilder(part).reverse().toString());
        Collections.reverse(parts);
        return parts;
    }

    private static List<String> words(String self, long limit) {
        List<String> words = new ArrayList<>();
        int at = PyText.skipSpace(self, 0);
        while (at < self.length()) {
            if (words.size() == limit) {
                words.add(self.substring(at));
                break;
            }
            int end = at;
            while (end < self.length() && !PyText.isSpace(self.charAt(end))) {
                end++;
            }
            words.add(self.substring(at, end));
            at = PyText.skipSpace(self, end);
        }
        return words;
    }

    private static List<String> wordsFromRight(String self, long limit) {
        List<String> words = words(new StringBuilder(self).reverse().toString(), limit);
        words.replaceAll(word -> new StringBuilder(word).reverse().toString());
        Collections.reverse(words);
        return words;
    }

    static Value partition(Runtime runtime, String self, String separator, boolean last) {
        runtime.budget().allocate(self.length());
        int at = last ? StringSearch.lastIndex(self, nonEmpty(separator)) : PyText.find(self, nonEmpty(separator), 0);
        Value whole = new Value.Str(self);
        if (at < 0) {
            return last ? Value.Tuple.of(Value.Str.EMPTY, Value.Str.EMPTY, whole) : Value.Tuple.of(whole, Value.Str.EMPTY, Value.Str.EMPTY);
        }
        return Value.Tuple.of(new Value.Str(self.substring(0, at)), new Value.Str(separator),
                new Value.Str(self.substring(at + separator.length())));
    }
}
