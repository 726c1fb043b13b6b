package dev.candor.inference.http.openapi;

import java.util.regex.Pattern;

/** Builds a page; all text is escaped. */
final class Html {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    private final StringBuilder out = new StringBuilder();

    /** Appends markup of this program. */
    Html markup(String markup) {
        out.append(markup);
        return this;
    }

    Html text(String text) {
        out.append(escaped(text));
        return this;
    }

    Html code(String text) {
        return markup("<code>").text(text).markup("</code>");
    }

    Html link(String target, String text) {
        return markup("<a href=\"#").text(target).markup("\">").text(text).markup("</a>");
    }

    /** Text in which words between backticks are code, and empty lines part paragraphs. */
    Html prose(String text) {
        for (String paragraph : text.split("\n\n")) {
            markup("<p>").inline(paragraph).markup("</p>");
        }
        return this;
    }

    /** As {@link #prose}, of one paragraph within another element. */
    Html inline(String text) {
        return markup(CODE.matcher(escaped(text)).replaceAll("<code>$1</code>"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
