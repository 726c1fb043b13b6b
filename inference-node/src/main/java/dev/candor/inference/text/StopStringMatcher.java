package dev.candor.inference.text;

import java.util.List;

/**
 * Looks for stop strings in a text that comes in pieces, and holds back what may still become part of one. The stop string completed
 * first wins, the longest of several completed by the same character; where the pieces' borders lie makes no difference.
 */
public final class StopStringMatcher {
    private final List<Pattern> patterns;
    private final StringBuilder held = new StringBuilder();
    private boolean matched;

    /** @param stopStrings none of them empty */
    public StopStringMatcher(List<String> stopStrings) {
        patterns = stopStrings.stream().map(Pattern::new).toList();
    }

    /** Takes a piece. @return the text that is certain now to be no part of a stop string; nothing after a match */
    public String append(String piece) {
        if (matched) {
            return "";
        }
        for (int i = 0; i < piece.length(); i++) {
            held.append(piece.charAt(i));
            int completed = advance(piece.charAt(i));
            if (completed > 0) {
                matched = true;
                held.setLength(held.length() - completed);
                return release(held.length());
            }
        }
        return release(held.length() - longestOpen());
    }

    private int advance(char c) {
        int completed = 0;
        for (Pattern pattern : patterns) {
            if (pattern.advance(c)) {
                completed = Math.max(completed, pattern.text.length());
            }
        }
        return completed;
    }

    private int longestOpen() {
        int longest = 0;
        for (Pattern pattern : patterns) {
            longest = Math.max(longest, pattern.state);
        }
        return longest;
    }

    private String release(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** Whether a stop string was found; the text before it has been handed out. */
    public boolean matched() {
        return matched;
    }

    /** What was held back, once the text is over. */
    public String flush() {
        return matched ? "" : release(held.length());
    }

    /** One stop string as an automaton (Knuth, Morris and Pratt): the state is how many of its characters the text ends with. */
    private static final class Pattern {
        private final String text;
        private final int[] fallback;
        private int state;

        Pattern(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("a stop string must not be empty");
            }
            this.text = text;
            this.fallback = new int[text.length()];
            for (int i = 1, k = 0; i < text.length(); i++) {
                while (k > 0 && text.charAt(i) != text.charAt(k)) {
                    k = fallback[k - 1];
                }
                k = text.charAt(i) == text.charAt(k) ? k + 1 : k;
                fallback[i] = k;
            }
        }

        /** @return whether the text now ends with the whole string; the automaton is spent then */
        boolean advance(char c) {
            while (state > 0 && text.charAt(state) != c) {
                state = fallback[state - 1];
            }
            state = text.charAt(state) == c ? state + 1 : 0;
            return state == text.length();
        }
    }
}
