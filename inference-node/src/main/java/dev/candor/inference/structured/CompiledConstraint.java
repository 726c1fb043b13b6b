package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;

/** A grammar made ready for one vocabulary. Thread-safe; any number of sequences may be started from it. */
public interface CompiledConstraint {
    /** A constraint for one new sequence, at the start of its text. */
    TokenConstraint start();

    /**
     * How many tokens are surely enough for a shortest text. With a budget of at least so many, a text always comes to its end within the
     * budget; a request that allows fewer is to be refused.
     */
    int minTokens();
}
