package dev.candor.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options written as {@code --name value}. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    /** @throws IllegalArgumentException on an unknown option or one without a value */
    Options(List<String> arguments, Set<String> known) {
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!name.startsWith("--") || !known.contains(name.substring(2))) {
                throw new IllegalArgumentException("unknown option " + name + "; known: --" + String.join(", --", known));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
            values.put(name.substring(2), arguments.get(i + 1));
        }
    }

    String text(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    int number(String name, int fallback) {
        String value = values.get(name);
        try {
            return value == null ? fallback : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " must be a number: " + value, e);
        }
    }
}
