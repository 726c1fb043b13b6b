package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;
import java.nio.charset.StandardCharsets;

/** Asks a constraint over the toy vocabulary for whole texts, byte by byte. */
final class Acceptance {
    private final CompiledConstraint compiled;

    Acceptance(CompiledConstraint compiled) {
        this.compiled = compiled;
    }

    static Acceptance of(Grammar grammar) throws UnsupportedGrammarException {
        return new Acceptance(TestVocabularies.toyCompiler().compile(grammar));
    }

    static Acceptance ofSchema(String schema) throws UnsupportedGrammarException {
        return of(TestVocabularies.schema(schema));
    }

    boolean accepts(String text) {
        return accepts(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean accepts(byte[] text) {
        TokenConstraint constraint = compiled.start();
        for (byte b : text) {
            if (!TestVocabularies.isAllowed(constraint.allowed(Integer.MAX_VALUE), b & 0xFF)) {
                return false;
            }
            constraint.accept(b & 0xFF);
        }
        return constraint.complete() || TestVocabularies.isAllowed(constraint.allowed(Integer.MAX_VALUE), TestVocabularies.END);
    }
}
