package dev.candor.inference.structured;

/** A grammar that cannot be compiled: the request that carries it is at fault. */
public final class UnsupportedGrammarException extends Exception {
    private final String pointer;
    private final String keyword;

    /**
     * @param pointer where in the JSON Schema: a JSON pointer (RFC 6901); empty for its root, and where there is no schema
     * @param keyword the keyword of JSON Schema at fault, or {@code regex}, {@code choice}, {@code schema}…
     * @param problem what is wrong and what to do, for the user
     */
    public UnsupportedGrammarException(String pointer, String keyword, String problem) {
        super(problem);
        this.pointer = pointer;
        this.keyword = keyword;
    }

    public String pointer() {
        return pointer;
    }

    public String keyword() {
        return keyword;
    }
}
