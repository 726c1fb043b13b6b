package dev.candor.hub.manifest;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model version's full name, written {@code publisher/name@version}. Each part has 1 to 64 characters of {@code [a-z0-9._-]} and starts with a
 * letter or a digit, so that it is a safe folder name everywhere.
 */
public record ModelName(String publisher, String name, String version) {
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern FULL = Pattern.compile("([^/@]+)/([^/@]+)@([^/@]+)");

    /** @throws IllegalArgumentException if a part is not allowed */
    public ModelName {
        check("publisher", publisher);
        check("name", name);
        check("version", version);
    }

    /** @throws IllegalArgumentException if {@code text} is not {@code publisher/name@version} */
    public static ModelName parse(String text) {
        Matcher matcher = FULL.matcher(text);
        if (text.length() > 200 || !matcher.matches()) {
            throw new IllegalArgumentException("a model's name is written publisher/name@version");
        }
        return new ModelName(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    /**
     * What a model may be called by, the full name first: with and without its publisher, with and without its version.
     *
     * @param full {@code publisher/name@version}; a part that is missing is missing in all of them
     */
    public static List<String> spellings(String full) {
        String local = full.substring(full.indexOf('/') + 1);
        return List.of(full, unversioned(full), local, unversioned(local));
    }

    private static String unversioned(String name) {
        return name.replaceFirst("@[^@]*$", "");
    }

    private static void check(String what, String part) {
        if (!PART.matcher(part).matches()) {
            throw new IllegalArgumentException("a model's " + what + " has 1 to 64 characters of a-z 0-9 . _ - and starts with a letter or digit");
        }
    }

    /** {@code publisher/name@version} */
    @Override
    public String toString() {
        return publisher + "/" + name + "@" + version;
    }
}
