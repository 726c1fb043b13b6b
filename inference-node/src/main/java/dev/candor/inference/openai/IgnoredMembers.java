package dev.candor.inference.openai;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tells a client which members of its request nothing was made of, in a header.
 *
 * @param names as they were sent
 */
public record IgnoredMembers(List<String> names) {
    /** The header. */
    public static final String HEADER = "Candor-Warning";

    private static final int MAX_NAMES = 16;
    private static final int MAX_NAME = 64;
    private static final Pattern NOT_PLAIN = Pattern.compile("[^\\x21-\\x7E]|[,\"\\\\]");

    /** None if nothing was ignored; never longer than about 1,200 characters. */
    public Map<String, String> headers() {
        if (names.isEmpty()) {
            return Map.of();
        }
        List<String> told = names.stream().limit(MAX_NAMES).map(IgnoredMembers::plain).toList();
        String more = names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "";
        return Map.of(HEADER, "ignored members: " + String.join(", ", told) + more);
    }

    private static String plain(String name) {
        String cut = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "..." : name;
        return NOT_PLAIN.matcher(cut).replaceAll("?");
    }
}
