package dev.candor.inference.openai.tools;

import java.util.List;
import java.util.Optional;

/** Looks for texts that begin something else. */
record MarkerWatch(List<String> markers) {
    /** @param at its first character */
    record Found(int at, String marker) {
        int end() {
            return at + marker.length();
        }
    }

    /** The first marker in {@code text} from {@code from} on; of two at one place the longer. */
    Optional<Found> find(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            String best = "";
            for (String marker : markers) {
                if (marker.length() > best.length() && matched(text, i, marker) == marker.length()) {
                    best = marker;
                }
            }
            if (!best.isEmpty()) {
                return Optional.of(new Found(i, best));
            }
        }
        return Optional.empty();
    }

    /** Where the end of {@code text} begins that may still become a marker; its length if there is none. */
    int open(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            int rest = text.length() - i;
            int start = i;
            if (markers.stream().anyMatch(marker -> marker.length() > rest && matched(text, start, marker) == rest)) {
                return i;
            }
        }
        return text.length();
    }

    private static int matched(CharSequence text, int at, String marker) {
        int n = 0;
        while (n < marker.length() && at + n < text.length() && text.charAt(at + n) == marker.charAt(n)) {
            n++;
        }
        return n;
    }
}
