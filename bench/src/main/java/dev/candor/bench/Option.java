package dev.candor.bench;

/**
 * An option of a benchmark.
 *
 * @param name     without dashes
 * @param value    what is to be written after it, in one word; empty if nothing is
 * @param meaning  one sentence
 * @param fallback its value if it is not given; in words, if {@link Options#given} is asked for it
 */
public record Option(String name, String value, String meaning, String fallback) {
    /** One that is written alone. */
    public static Option flag(String name, String meaning) {
        return new Option(name, "", meaning, "");
    }

    /** Where results are kept. */
    public static Option out() {
        return new Option("out", "DIR", "Folder to keep the results in.", "bench/results");
    }

    /** How many threads work. */
    public static Option threads() {
        return new Option("threads", "N", "Threads of the engine.", Integer.toString(Runtime.getRuntime().availableProcessors()));
    }

    boolean isFlag() {
        return value.isEmpty();
    }

    String usage() {
        return "--" + name + (isFlag() ? "" : " " + value);
    }
}
