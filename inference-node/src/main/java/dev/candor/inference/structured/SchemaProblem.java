package dev.candor.inference.structured;

import dev.candor.inference.structured.Term.Part;

/** What is wrong with a schema, on its way out of the compiler. */
final class SchemaProblem extends RuntimeException {
    private final String pointer;
    private final String keyword;

    SchemaProblem(Part part, String keyword, String problem) {
        super(problem, null, false, false);
        this.pointer = part.pointer();
        this.keyword = keyword;
    }

    UnsupportedGrammarException forUser() {
        return new UnsupportedGrammarException(pointer, keyword, getMessage());
    }
}
