package dev.candor.inference.openai.tools;

import dev.candor.inference.structured.Grammar;
import java.util.Random;

/** Writes texts that a grammar allows. Of a schema it writes an object with the member {@code city}. */
final class GrammarTexts {
    static final String ARGUMENTS = "{\"city\":\"Köln\"}";
    private final Random random;

    GrammarTexts(Random random) {
        this.random = random;
    }

    String text(Grammar grammar) {
        return switch (grammar) {
            case Grammar.Literal literal -> literal.text();
            case Grammar.Special special -> special.token();
            case Grammar.Sequence sequence -> sequence.parts().stream().map(this::text).reduce("", String::concat);
            case Grammar.Alternatives choice -> text(choice.options().get(random.nextInt(choice.options().size())));
            case Grammar.Repeat repeat -> repeated(repeat);
            case Grammar.JsonObject object -> ARGUMENTS;
            case Grammar.JsonSchema schema -> ARGUMENTS;
            case Grammar.FreeText free -> random.nextBoolean() ? "" : "Hm, {let} me see.";
            case Grammar.Regex regex -> throw new AssertionError(regex.pattern());
            case Grammar.Choice choice -> choice.texts().getFirst();
        };
    }

    private String repeated(Grammar.Repeat repeat) {
        StringBuilder text = new StringBuilder();
        for (int i = repeat.min() + random.nextInt(Math.min(3, repeat.max() - repeat.min() + 1)); i > 0; i--) {
            text.append(text(repeat.what()));
        }
        return text.toString();
    }
}
