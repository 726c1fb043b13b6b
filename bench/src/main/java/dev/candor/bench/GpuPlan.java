package dev.candor.bench;

import dev.candor.hub.importer.ModelForm;
import dev.candor.inference.engine.ort.device.DevicePreference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
    private static final Set<String> OPTIONS = new TreeSet<>(
            Set.of("device", "models", "forms", "graphs", "streams", "prompts", "context", "tokens", "rounds", "out"));
    private static final String MODELS = "qwen2.5-0.5b,qwen3-0.6b,demo";

    /** @throws IllegalArgumentException naming what is wrong */
    static GpuPlan parse(List<String> arguments) {
        List<String> pairs = new ArrayList<>(arguments);
        boolean toy = pairs.removeIf("--toy"::equals);
        Options options = new Options(pairs, OPTIONS);
        DevicePreference device = DevicePreference.of(options.text("device", "auto"));
        String graphs = options.text("graphs", device == DevicePreference.CPU ? "off" : "both");
        return new GpuPlan(
                device,
                words(options.text("models", toy ? "toy" : MODELS)),
                words(options.text("forms", "fp16,q8f16,q4f16")).stream().map(ModelForm::of).toList(),
                switch (graphs) {
                    case "both" -> List.of(false, true);
                    case "on" -> List.of(true);
                    case "off" -> List.of(false);
                    default -> throw new IllegalArgumentException("option --graphs must be both, on or off: " + graphs);
                },
                numbers("streams", options.text("streams", toy ? "1,4" : "1,4,8,32,64")),
                numbers("prompts", options.text("prompts", toy ? "64,128" : "512,2048")),
                positive("context", options.number("context", toy ? 32 : 512)),
                positive("tokens", options.number("tokens", toy ? 8 : 64)),
                positive("rounds", options.number("rounds", toy ? 2 : 5)),
                options.text("out", "bench/results"));
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
