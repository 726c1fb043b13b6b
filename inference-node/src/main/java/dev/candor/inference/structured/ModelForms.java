package dev.candor.inference.structured;

import dev.candor.inference.text.HfTokenizer;
import java.util.List;

/** Compilers of what the answers of a model must obey. */
public final class ModelForms {
    private ModelForms() {}

    /** Of the model with this tokenizer, which compiles nothing where not each of its tokens stands for bytes of its own. */
    public static ConstraintCompiler of(HfTokenizer tokenizer, List<Integer> endTokens) {
        int[] ends = endTokens.stream().mapToInt(Integer::intValue).toArray();
        return tokenizer.tokenBytes()
                .<ConstraintCompiler>map(vocabulary -> new AutomatonCompiler(vocabulary, ends, ConstraintLimits.defaults()))
                .orElse(grammar -> {
                    throw new UnsupportedGrammarException(
                            "", "format", "this model's tokens do not each stand for bytes of their own, so that no form can be kept to");
                });
    }
}
