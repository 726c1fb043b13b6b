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
import java.util.List;

/** A grammar as text, by which equal ones are recognised: in a schema the order of members counts. */
final class GrammarText {
    private final ConstraintLimits limits;
    private final StringBuilder text = new StringBuilder();
    private int depth;

    GrammarText(ConstraintLimits limits) {
        this.limits = limits;
    }

    /** @throws UnsupportedGrammarException if it is longer or deeper than allowed */
    String of(Grammar grammar) throws UnsupportedGrammarException {
        append(grammar);
        return text.toString();
    }

    private void append(Grammar grammar) throws UnsupportedGrammarException {
        if (++depth > limits.schemaDepth()) {
            throw new UnsupportedGrammarException("", "grammar", "more than " + limits.schemaDepth() + " grammars in one another");
        }
        text.append(grammar.getClass().getSimpleName()).append('(');
        switch (grammar) {
            case Literal(String literal) -> quote(literal);
            case Special(String token) -> quote(token);
            case Sequence(List<Grammar> parts) -> appendAll(parts);
            case Alternatives(List<Grammar> options) -> appendAll(options);
            case Repeat(Grammar what, int min, int max) -> {
                text.append(min).append(',').append(max).append(',');
                append(what);
            }
            case JsonObject() -> { }
            case JsonSchema(var schema) -> {
                SchemaShape.check(schema, limits);
                quote(schema.toString());
            }
            case Regex(String pattern) -> quote(pattern);
            case Choice(List<String> texts) -> texts.forEach(this::quote);
            case FreeText(List<String> until) -> until.forEach(this::quote);
        }
        text.append(')');
        depth--;
        if (text.length() > limits.grammarBytes()) {
            throw new UnsupportedGrammarException("", "grammar", "the grammar is longer than " + limits.grammarBytes() + " characters");
        }
    }

    private void appendAll(List<Grammar> grammars) throws UnsupportedGrammarException {
        for (Grammar grammar : grammars) {
            append(grammar);
        }
    }

    private void quote(String part) {
        text.append(part.length()).append(':').append(part);
    }
}
