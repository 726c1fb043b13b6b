package dev.candor.bench;

import java.util.List;

/**
 * A benchmark's command line.
 *
 * @param summary what it measures, in a sentence or two
 */
public record Benchmark(String name, String summary, List<Option> options, Work work) {
    private static final int WIDTH = 96;
    private static final int INDENT = 28;

    /** What it does. */
    @FunctionalInterface
    public interface Work {
        void run(Options options) throws Exception;
    }

    /** @throws IllegalArgumentException if {@code arguments} are not its own */
    void run(List<String> arguments) throws Exception {
        work.run(new Options(arguments, options));
    }

    /** How it is called, what its options mean, and what they are if they are not given. */
    String help() {
        StringBuilder text = new StringBuilder("Usage: candor bench " + name + " [options]\n");
        wrap(text, "", 0, summary);
        text.append('\n');
        for (Option option : options) {
            String fallback = option.fallback().isEmpty() ? "" : " Default: " + option.fallback() + ".";
            wrap(text, "  " + option.usage(), INDENT, option.meaning() + fallback);
        }
        wrap(text, "  --help", INDENT, "Show this help and end.");
        return text.toString();
    }

    /** Appends {@code words} in lines from column {@code indent} on, the first one after {@code head}. */
    private static void wrap(StringBuilder text, String head, int indent, String words) {
        StringBuilder line = new StringBuilder(head);
        line.append(" ".repeat(Math.max(head.isEmpty() ? 0 : 1, indent - head.length())));
        boolean begun = false;
        for (String word : words.split(" ")) {
            if (begun && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(" ".repeat(indent));
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
            begun = true;
        }
        text.append(line).append('\n');
    }
}
