package dev.candor.inference.text;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a model that was trained to fill gaps ("fill in the middle", Bavarian et al. 2022) is shown the text before one and the text after it. */
public final class Infill {
    /** Marks as the models' own papers and cards give them; Qwen Coder and CodeGemma, StarCoder and Granite, SantaCoder, DeepSeek Coder, Code Llama, Codestral. */
    private static final List<Marks> KNOWN = List.of(
            new Marks("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
            new Marks("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
            new Marks("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
            new Marks("<\uFF5Cfim\u2581begin\uFF5C>", "<\uFF5Cfim\u2581hole\uFF5C>", "<\uFF5Cfim\u2581end\uFF5C>"),
            new Marks("\u2581<PRE>", "\u2581<SUF>", "\u2581<MID>"),
            new Marks("<PRE>", "<SUF>", "<MID>"),
            new Marks("[PREFIX]", "[SUFFIX]", ""));

    private final Marks marks;

    private Infill(Marks marks) {
        this.marks = marks;
    }

    /** Of the model with this tokenizer; empty if its vocabulary has the marks of none that is known. */
    public static Optional<Infill> of(Tokenizer tokenizer) {
        return KNOWN.stream().filter(marks -> marks.in(tokenizer)).findFirst().map(Infill::new);
    }

    /** The prompt, which the model continues with what belongs into the gap. */
    public String prompt(String before, String after) {
        boolean gapLast = !marks.middle().isEmpty();
        return gapLast
                ? marks.prefix() + before + marks.suffix() + after + marks.middle()
                : marks.suffix() + after + marks.prefix() + before;
    }

    /** What stands before each part. @param middle empty for models that take the text after the gap first */
    private record Marks(String prefix, String suffix, String middle) {
        boolean in(Tokenizer tokenizer) {
            return Stream.of(prefix, suffix, middle).filter(mark -> !mark.isEmpty()).allMatch(mark -> tokenizer.encode(mark).length == 1);
        }
    }
}
