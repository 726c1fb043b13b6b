package dev.candor.inference.structured;

import dev.candor.inference.structured.Grammar.Alternatives;
import dev.candor.inference.structured.Grammar.Choice;
import dev.candor.inference.structured.Grammar.FreeText;
import dev.candor.inference.structured.Grammar.JsonObject;
import dev.candor.inference.structured.Grammar.JsonSchema;
import dev.candor.inference.structured.Grammar.Literal;
import dev.candor.inference.structured.Grammar.Regex;
import dev.candor.inference.structured.Grammar.Repeat;
import dev.candor.inference.structured.Grammar.Sequence;
import dev.candor.inference.structured.Grammar.Special;
import dev.candor.inference.structured.RegexNode.Chars;
import dev.candor.inference.structured.RegexNode.Concat;
import dev.candor.inference.structured.RegexNode.Either;
import dev.candor.inference.text.TokenBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns a {@link Grammar} into a {@link Program}. Of one compilation. */
final class GrammarTranslator {
    private final TokenBytes vocabulary;
    private final ConstraintLimits limits;
    private final ProgramBuilder builder;
    private final JsonRules json;
    private int depth;

    GrammarTranslator(TokenBytes vocabulary, ConstraintLimits limits, ProgramBuilder builder) {
        this.vocabulary = vocabulary;
        this.limits = limits;
        this.builder = builder;
        this.json = new JsonRules(builder);
    }

    /**
     * @param end the node behind the whole
     * @return the node at which the grammar starts
     */
    int emit(Grammar grammar, int end) throws UnsupportedGrammarException {
        if (++depth > limits.schemaDepth()) {
            throw new UnsupportedGrammarException("", "grammar", "more than " + limits.schemaDepth() + " grammars in one another");
        }
        int start = switch (grammar) {
            case Literal(String text) -> builder.literal(wellFormed(text, "literal"), end);
            case Special(String token) -> builder.node(Program.SPECIAL, special(token), end);
            case Sequence(List<Grammar> parts) -> sequence(parts, end);
            case Alternatives(List<Grammar> options) -> alternatives(options, end);
            case Repeat repeat -> repeat(repeat, end);
            case JsonObject() -> json.object(end);
            case JsonSchema(var schema) -> new SchemaTranslator(schema, limits, builder, json).emit(end);
            case Regex(String pattern) -> builder.text(regex(pattern), end);
            case Choice(List<String> texts) -> builder.text(choice(texts), end);
            case FreeText(List<String> until) -> builder.text(free(until), end);
        };
        depth--;
        return start;
    }

    private static String wellFormed(String text, String what) throws UnsupportedGrammarException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new UnsupportedGrammarException("", what, "the text holds half a surrogate pair");
        }
        return text;
    }

    private int special(String token) throws UnsupportedGrammarException {
        return vocabulary.added(token)
                .orElseThrow(() -> new UnsupportedGrammarException("", "special", "the model's tokenizer has no token " + token));
    }

    private int sequence(List<Grammar> parts, int end) throws UnsupportedGrammarException {
        int start = end;
        for (int i = parts.size() - 1; i >= 0; i--) {
            start = emit(parts.get(i), start);
        }
        return start;
    }

    private int alternatives(List<Grammar> options, int end) throws UnsupportedGrammarException {
        int[] starts = new int[options.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = emit(options.get(i), end);
        }
        if (starts.length == 0) {
            throw new UnsupportedGrammarException("", "alternatives", "there are no alternatives");
        }
        return builder.either(starts);
    }

    private int repeat(Repeat repeat, int end) throws UnsupportedGrammarException {
        if (repeat.min() < 0 || repeat.max() < repeat.min()) {
            throw new UnsupportedGrammarException("", "repeat", "a repetition's bounds are the wrong way round");
        }
        int rule = builder.newRule();
        builder.start(rule, emit(repeat.what(), builder.end()));
        return builder.loop(rule, repeat.min(), repeat.max(), end);
    }

    private Dfa regex(String pattern) throws UnsupportedGrammarException {
        try {
            return RegexAutomaton.compile(RegexParser.parse(pattern), true, builder.budget());
        } catch (RegexParser.RegexException e) {
            throw new UnsupportedGrammarException("", "regex", "the regular expression cannot be followed: " + e.getMessage());
        }
    }

    private Dfa choice(List<String> texts) throws UnsupportedGrammarException {
        if (texts.isEmpty() || texts.size() > limits.enumValues()) {
            throw new UnsupportedGrammarException("", "choice", "a choice needs 1 to " + limits.enumValues() + " texts");
        }
        for (String text : texts) {
            wellFormed(text, "choice");
        }
        return Dfa.of(texts, builder.budget());
    }

    private Dfa free(List<String> until) throws UnsupportedGrammarException {
        Dfa any = Dfa.repeat(CharRanges.ALL, 0, -1, builder.budget());
        if (until.isEmpty()) {
            return any;
        }
        List<RegexNode> stops = new ArrayList<>();
        for (String stop : until) {
            List<RegexNode> chars = wellFormed(stop, "until").codePoints().<RegexNode>mapToObj(c -> new Chars(CharRanges.of(c, c))).toList();
            if (chars.isEmpty()) {
                throw new UnsupportedGrammarException("", "until", "a text that ends free text must not be empty");
            }
            stops.add(new Concat(chars));
        }
        return any.without(RegexAutomaton.compile(new Either(stops), false, builder.budget()), builder.budget());
    }
}
