package dev.candor.inference.structured;

/** Compiles grammars for the vocabulary of one model. Thread-safe. Takes up to seconds of CPU time: not for the engine's thread. */
public interface ConstraintCompiler {
    /**
     * Compiles a grammar, or gives what was compiled for an equal one before.
     *
     * @throws UnsupportedGrammarException if the grammar says something that is not supported, allows no text, or exceeds a limit
     */
    CompiledConstraint compile(Grammar grammar) throws UnsupportedGrammarException;
}
