package dev.candor.bench;

import dev.candor.hub.importer.ModelForm;
import dev.candor.inference.engine.ort.device.DevicePreference;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code bench gpu} measures.
 *
 * @param models  {@code demo}, or labels of {@link RandomDecoder}
 * @param graphs  with and without recorded decodes
 * @param streams sequences that decode at once
 * @param prompts lengths of prefills
 * @param context tokens in every sequence before it decodes
 * @param tokens  decoded by each sequence in a round
 */
record GpuPlan(
        DevicePreference device,
        List<String> models,
        List<ModelForm> forms,
        List<Boolean> graphs,
        List<Integer> streams,
        List<Integer> prompts,
        int context,
        int tokens,
        int rounds,
        String out) {
    private static final String MODELS = "qwen2.5-0.5b,qwen3-0.6b,demo";

    static final List<Option> OPTIONS = List.of(
            new Option("device", "auto|cuda|cpu", "Where to run.", "auto"),
            Option.flag("toy", "Measure a tiny random model, shortly: a trial of the benchmark itself."),
            new Option("models", "NAME,NAME", "Random models of these shapes, or demo.", MODELS + "; with --toy: toy"),
            new Option("forms", "FORM,FORM", "Forms of the weights.", "fp16,q8f16,q4f16"),
            new Option("graphs", "both|on|off", "Whether decodes are recorded and played back.", "both; on a CPU: off"),
            new Option("streams", "N,N", "Sequences that decode at once.", "1,4,8,32,64; with --toy: 1,4"),
            new Option("prompts", "TOKENS,TOKENS", "Lengths of prefills.", "512,2048; with --toy: 64,128"),
            new Option("context", "TOKENS", "Tokens that each sequence has when it decodes.", "512; with --toy: 32"),
            new Option("tokens", "TOKENS", "Tokens that each sequence decodes in a round.", "64; with --toy: 8"),
            new Option("rounds", "N", "Rounds, of which the median counts.", "5; with --toy: 2"),
            Option.out());

    /** @throws IllegalArgumentException naming what is wrong */
    static GpuPlan parse(List<String> arguments) {
        return of(new Options(arguments, OPTIONS));
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static GpuPlan of(Options options) {
        boolean toy = options.flag("toy");
        DevicePreference device = DevicePreference.of(options.text("device"));
        String graphs = options.given("graphs").orElse(device == DevicePreference.CPU ? "off" : "both");
        return new GpuPlan(
                device,
                words(options.given("models").orElse(toy ? "toy" : MODELS)),
                words(options.text("forms")).stream().map(ModelForm::of).toList(),
                switch (graphs) {
                    case "both" -> List.of(false, true);
                    case "on" -> List.of(true);
                    case "off" -> List.of(false);
                    default -> throw new IllegalArgumentException("option --graphs must be both, on or off: " + graphs);
                },
                numbers("streams", options.given("streams").orElse(toy ? "1,4" : "1,4,8,32,64")),
                numbers("prompts", options.given("prompts").orElse(toy ? "64,128" : "512,2048")),
                positive("context", options.number("context", toy ? 32 : 512)),
                positive("tokens", options.number("tokens", toy ? 8 : 64)),
                positive("rounds", options.number("rounds", toy ? 2 : 5)),
                options.text("out"));
    }

    /** Tokens that a slot must hold. */
    int length() {
        return Math.max(context + tokens + 1, prompts.stream().mapToInt(Integer::intValue).max().orElse(1));
    }

    int slots() {
        return streams.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private static List<String> words(String list) {
        List<String> words = Arrays.stream(list.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a list must not be empty");
        }
        return words;
    }

    private static List<Integer> numbers(String name, String list) {
        try {
            return words(list).stream().map(Integer::valueOf).map(value -> positive(name, value)).toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " must be numbers separated by commas: " + list, e);
        }
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("option --" + name + " must be at least 1: " + value);
        }
        return value;
    }
}
