package dev.candor.inference.structured;

/**
 * What grammars and compiled ones may take.
 *
 * @param grammarBytes    of a grammar's description, a schema's JSON included
 * @param schemaDepth     levels of a schema's JSON, and of a composed grammar
 * @param properties      of one object of a schema
 * @param enumValues      of a whole schema, and texts of a choice
 * @param steps           of one compilation; some millions take a second
 * @param nodes           states of the pushdown automaton before it is made deterministic
 * @param dfaStates       of all patterns of one grammar, product automata included
 * @param outputDepth     nested calls of rules that an output may have open; an object or an array takes two at most
 * @param alternatives    readings of a text that are followed at the same time at one place of a grammar; more are given up, those that take
 *     longest first
 * @param maskReadings    readings that the mask of one token may need, seen along a shortest text; a grammar that needs more is refused
 * @param cachedGrammars  compiled grammars and refusals that are kept
 * @param cachedBytes     of all compiled grammars that are kept, about
 * @param automatonBytes  of states and masks, about, that one compiled grammar keeps; when there are more they are computed anew
 */
public record ConstraintLimits(
        int grammarBytes,
        int schemaDepth,
        int properties,
        int enumValues,
        long steps,
        int nodes,
        int dfaStates,
        int outputDepth,
        int alternatives,
        int maskReadings,
        int cachedGrammars,
        long cachedBytes,
        long automatonBytes) {
    /** Fit for schemas of outside callers. */
    public static ConstraintLimits defaults() {
        return new ConstraintLimits(256 << 10, 64, 1_000, 10_000, 5_000_000, 400_000, 40_000, 256, 32, 40_000, 64, 128L << 20, 16L << 20);
    }
}
