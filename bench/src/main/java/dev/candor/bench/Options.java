package dev.candor.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Options written as {@code --name value}, {@code --name=value}, and flags written as {@code --name}. */
public final class Options {
    private final Map<String, Option> known;
    private final Map<String, String> values = new HashMap<>();

    /** @throws IllegalArgumentException on an unknown option or one without a value */
    public Options(List<String> arguments, List<Option> known) {
        this.known = known.stream().collect(Collectors.toMap(Option::name, option -> option));
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            Option option = option(equals < 0 ? argument : argument.substring(0, equals));
            if (option.isFlag()) {
                if (equals >= 0) {
                    throw new IllegalArgumentException("option --" + option.name() + " takes no value");
                }
                values.put(option.name(), "");
            } else if (equals >= 0) {
                values.put(option.name(), argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                values.put(option.name(), arguments.get(++i));
            } else {
                throw new IllegalArgumentException("option --" + option.name() + " needs a value");
            }
        }
    }

    private Option option(String argument) {
        Option option = argument.startsWith("--") ? known.get(argument.substring(2)) : null;
        if (option == null) {
            throw new IllegalArgumentException("unknown option " + argument + "; known: --" + String.join(", --", new TreeSet<>(known.keySet())));
        }
        return option;
    }

    public boolean flag(String name) {
        return values.containsKey(name);
    }

    /** What was written after the option, if it was given. */
    public Optional<String> given(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** What was written after the option, or its fallback. */
    public String text(String name) {
        return given(name).orElseGet(() -> known.get(name).fallback());
    }

    /** @throws IllegalArgumentException if it is no number */
    public int number(String name) {
        return number(name, text(name));
    }

    /** As {@link #number(String)}, for an option whose fallback depends on others. */
    public int number(String name, int fallback) {
        return given(name).map(value -> number(name, value)).orElse(fallback);
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " must be a number: " + value, e);
        }
    }

    /** Numbers from 1 on, separated by commas. @throws IllegalArgumentException if they are not */
    public int[] numbers(String name) {
        String list = text(name);
        try {
            int[] numbers = Arrays.stream(list.split(",")).map(String::strip).mapToInt(Integer::parseInt).toArray();
            if (numbers.length == 0 || Arrays.stream(numbers).anyMatch(number -> number < 1)) {
                throw new NumberFormatException(list);
            }
            return numbers;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " must be numbers from 1 on, separated by commas: " + list, e);
        }
    }

    /** @throws IllegalArgumentException unless it is on, off, true or false */
    public boolean on(String name) {
        return switch (text(name)) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException("option --" + name + " must be on or off (or true, false): " + text(name));
        };
    }
}
