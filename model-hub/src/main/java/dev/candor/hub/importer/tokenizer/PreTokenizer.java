package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How texts are cut before byte-level merges, by the names that GGUF files carry in {@code tokenizer.ggml.pre}. Expressions are those of the
 * tokenizers that the names come from.
 */
enum PreTokenizer {
    /** GPT-2's: contractions, words, numbers, signs, each with the space before it. */
    GPT2(Set.of("gpt-2", "mpt", "olmo", "jais", "trillion", "granite-docling"), false),
    /** Digits one by one, the rest as GPT-2. */
    DIGITS(Set.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"), false),
    /** Llama 3's: numbers in threes. */
    LLAMA3(Set.of("llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"), true,
            Patterns.CONTRACTIONS + Patterns.WORDS + "\\p{N}{1,3}|" + Patterns.SIGNS),
    /** As Llama 3's, but merges are needed for whole words too. */
    THREES(Set.of("dbrx", "smaug-bpe"), false, Patterns.CONTRACTIONS + Patterns.WORDS + "\\p{N}{1,3}|" + Patterns.SIGNS),
    /** Qwen's: digits one by one; texts are composed (NFC) first. */
    QWEN2(Set.of("qwen2"), false, Patterns.CONTRACTIONS + Patterns.WORDS + "\\p{N}|" + Patterns.SIGNS),
    /** As Qwen's, of models that do not compose. */
    SINGLES(Set.of("deepseek-r1-qwen", "stablelm2"), false, Patterns.CONTRACTIONS + Patterns.WORDS + "\\p{N}|" + Patterns.SIGNS),
    /** Mistral's Tekken: words end where capitals begin. */
    TEKKEN(Set.of("tekken"), true, Patterns.cased("") + "\\p{N}|" + Patterns.SIGNS_AND_SLASHES),
    /** GPT-4o's, Phi-4's. */
    GPT4O(Set.of("gpt-4o", "phi-4", "llama4"), false, Patterns.cased("(?i:'s|'t|'re|'ve|'m|'ll|'d)?") + "\\p{N}{1,3}|" + Patterns.SIGNS_AND_SLASHES),
    /** What llama.cpp does where a file names nothing it knows. */
    DEFAULT(Set.of("default"), false,
            "[\\p{P}\\$\\+<=>\\^~\\|]+",
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
            "\\p{N}+",
            "[0-9][0-9][0-9]");

    /** Parts of the expressions. */
    private static final class Patterns {
        static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
        static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
        static final String SIGNS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String SIGNS_AND_SLASHES = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        static String cased(String ending) {
            String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
            String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
            String start = "[^\\r\\n\\p{L}\\p{N}]?";
            return start + upper + "*" + lower + "+" + ending + "|" + start + upper + "+" + lower + "*" + ending + "|";
        }
    }

    private final Set<String> names;
    private final boolean wholeFirst;
    private final List<String> expressions;

    PreTokenizer(Set<String> names, boolean wholeFirst, String... expressions) {
        this.names = names;
        this.wholeFirst = wholeFirst;
        this.expressions = List.of(expressions);
    }

    /** @throws ImportException listing the names that are known, if {@code name} is none of them */
    static PreTokenizer of(String name) throws ImportException {
        return Arrays.stream(values()).filter(each -> each.names.contains(name)).findFirst()
                .orElseThrow(() -> new ImportException("the pre-tokenizer is " + name + " (tokenizer.ggml.pre); imported are "
                        + new TreeSet<>(Arrays.stream(values()).flatMap(each -> each.names.stream()).toList())));
    }

    /** Whether a piece that is a token as a whole is taken without merges. */
    boolean wholeFirst() {
        return wholeFirst;
    }

    /** The pipeline of a byte-level tokenizer. */
    Pipeline pipeline(JsonNode postProcessor) {
        JsonNode normalizer = this == QWEN2 ? Pipeline.step("NFC") : Pipeline.none();
        return new Pipeline(normalizer, Pipeline.sequence("pretokenizers", steps()), postProcessor, Pipeline.byteLevel(true, true));
    }

    private List<JsonNode> steps() {
        return switch (this) {
            case GPT2 -> List.of(Pipeline.byteLevel(false, true));
            case DIGITS -> List.of(Pipeline.digits(), Pipeline.byteLevel(false, true));
            default -> new ArrayList<>(Stream.concat(
                    expressions.stream().map(Pipeline::split), Stream.of(Pipeline.byteLevel(false, false))).toList());
        };
    }
}
