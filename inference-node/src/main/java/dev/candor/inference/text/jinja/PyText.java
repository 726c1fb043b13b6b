package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's view of a string: a series of code points, with Python's idea of whitespace and line ends. */
final class PyText {
    private static final int DIRECT_NEEDLE = 16;

    private PyText() {
    }

    static boolean isSpace(int c) {
        return c >= 0x09 && c <= 0x0d || c >= 0x1c && c <= 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680
                || c >= 0x2000 && c <= 0x200a || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
    }

    static boolean isLineEnd(char c) {
        return c >= 0x0a && c <= 0x0d || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The UTF-16 index of the code point at {@code index}, which is between 0 and the length. */
    static int offset(String text, int index) {
        return text.offsetByCodePoints(0, index);
    }

    static List<String> characters(String text) {
        List<String> all = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> all.add(Character.toString(c)));
        return all;
    }

    /** @return whether there is at least one character from {@code start} on, and all of them are whitespace */
    static boolean isBlank(String text, int start) {
        return start < text.length() && skipSpace(text, start) == text.length();
    }

    static int skipSpace(String text, int start) {
        int at = start;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static String stripLeft(String text) {
        return text.substring(skipSpace(text, 0));
    }

    static String stripRight(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static String strip(String text) {
        return stripLeft(stripRight(text));
    }

    static String stripLeft(String text, String characters) {
        int at = 0;
        while (at < text.length() && characters.indexOf(text.codePointAt(at)) >= 0) {
            at += Character.charCount(text.codePointAt(at));
        }
        return text.substring(at);
    }

    static String stripRight(String text, String characters) {
        int end = text.length();
        while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            if (isLineEnd(text.charAt(at))) {
                int end = at;
                if (text.startsWith("\r\n", at)) {
                    at++;
                }
                lines.add(text.substring(start, keepEnds ? at + 1 : end));
                start = at + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** Order by code points, as Python has it. */
    static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean bothOrNeither = Character.isSurrogate(a) == Character.isSurrogate(b);
                return bothOrNeither ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** As {@link String#indexOf(String, int)}, in linear time for long needles too (Knuth, Morris, Pratt). */
    static int find(String text, String needle, int from) {
        if (needle.length() <= DIRECT_NEEDLE) {
            return text.indexOf(needle, from);
        }
        int[] border = borders(needle);
        int matched = 0;
        for (int at = from; at < text.length(); at++) {
            while (matched > 0 && text.charAt(at) != needle.charAt(matched)) {
                matched = border[matched - 1];
            }
            if (text.charAt(at) == needle.charAt(matched) && ++matched == needle.length()) {
                return at - matched + 1;
            }
        }
        return -1;
    }

    /** The UTF-16 indices of the occurrences of {@code needle} that do not overlap. */
    static List<Integer> findAll(String text, String needle, long most) {
        List<Integer> found = new ArrayList<>();
        if (needle.length() <= DIRECT_NEEDLE) {
            for (int at = text.indexOf(needle); at >= 0 && found.size() < most; at = text.indexOf(needle, at + needle.length())) {
                found.add(at);
            }
            return found;
        }
        int[] border = borders(needle);
        int matched = 0;
        for (int at = 0; at < text.length() && found.size() < most; at++) {
            while (matched > 0 && text.charAt(at) != needle.charAt(matched)) {
                matched = border[matched - 1];
            }
            if (text.charAt(at) == needle.charAt(matched) && ++matched == needle.length()) {
                found.add(at - matched + 1);
                matched = 0;
            }
        }
        return found;
    }

    private static int[] borders(String needle) {
        int[] border = new int[needle.length()];
        for (int i = 1, length = 0; i < border.length; i++) {
            while (length > 0 && needle.charAt(i) != needle.charAt(length)) {
                length = border[length - 1];
            }
            if (needle.charAt(i) == needle.charAt(length)) {
                length++;
            }
            border[i] = length;
        }
        return border;
    }
}
