package dev.candor.inference.http.openapi;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path with named parts, such as {@code /v1/receipts/{id}/proof}. A name with an asterisk, {@code {model*}}, stands for one or more segments: models'
 * names have slashes.
 */
public record PathTemplate(String text) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)(\\*?)}");

    /** @throws IllegalArgumentException if {@code text} is no path */
    public PathTemplate {
        if (!text.startsWith("/") || PARAMETER.matcher(text).replaceAll("").matches(".*[{}*?].*")) {
            throw new IllegalArgumentException("not the template of a path: " + text);
        }
    }

    /** The names of its parts, in their order. */
    public List<String> parameters() {
        return PARAMETER.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** As OpenAPI writes it, which knows no asterisks. */
    public String documented() {
        return PARAMETER.matcher(text).replaceAll("{$1}");
    }

    /** Whether its last part takes whatever follows. */
    public boolean open() {
        return text.endsWith("*}");
    }

    /** Matches the paths that it stands for, whole. */
    public Pattern pattern() {
        return Pattern.compile(expression());
    }

    /** The regular expression of {@link #pattern}, without groups. */
    public String expression() {
        Matcher matcher = PARAMETER.matcher(text);
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            out.append(quote(text.substring(from, matcher.start()))).append(matcher.group(2).isEmpty() ? "[^/]+" : ".+");
            from = matcher.end();
        }
        return out.append(quote(text.substring(from))).toString();
    }

    private static String quote(String literal) {
        return literal.isEmpty() ? "" : Pattern.quote(literal);
    }
}
