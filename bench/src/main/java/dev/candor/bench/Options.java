package dev.candor.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Options written as {@code --name value}, and flags written as {@code --name}. */
public final class Options {
    private final Map<String, String> values = new HashMap<>();

    /** @throws IllegalArgumentException on an unknown option or one without a value */
    public Options(List<String> arguments, Set<String> known) {
        this(arguments, known, Set.of());
    }

    /**
     * @param flags those that take no value
     * @throws IllegalArgumentException on an unknown option or one without a value
     */
    public Options(List<String> arguments, Set<String> known, Set<String> flags) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            String word = name.startsWith("--") ? name.substring(2) : "";
            if (flags.contains(word)) {
                values.put(word, "true");
                continue;
            }
            if (!known.contains(word)) {
                Set<String> all = new TreeSet<>(known);
                all.addAll(flags);
                throw new IllegalArgumentException("unknown option " + name + "; known: --" + String.join(", --", all));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
            values.put(word, arguments.get(++i));
        }
    }

    public boolean flag(String name) {
        return values.containsKey(name);
    }

    public String text(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    public int number(String name, int fallback) {
        String value = values.get(name);
        try {
            return value == null ? fallback : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " must be a number: " + value, e);
        }
    }
}
