package dev.candor.inference.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The files that a {@code .dockerignore} lets into a build: the last pattern that matches a path, or a folder above it, decides. */
record BuildContext(Path root, List<Rule> rules) {
    private record Rule(Pattern pattern, boolean included) {}

    static BuildContext of(Path root) throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (String line : Files.readAllLines(root.resolve(".dockerignore"))) {
            String pattern = line.strip();
            if (!pattern.isEmpty() && !pattern.startsWith("#")) {
                boolean included = pattern.startsWith("!");
                rules.add(new Rule(Pattern.compile(regex(included ? pattern.substring(1) : pattern)), included));
            }
        }
        return new BuildContext(root, rules);
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (pattern.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.append("(?:/.*)?").toString();
    }

    boolean includes(String path) {
        boolean included = true;
        for (Rule rule : rules) {
            if (rule.pattern().matcher(path).matches()) {
                included = rule.included();
            }
        }
        return included;
    }

    /** Whether a {@code COPY} source is there, and let in. */
    boolean holds(String source) {
        String path = source.replaceAll("^\\./|/$", "");
        return Files.exists(root.resolve(path)) && includes(path);
    }
}
