package dev.candor.inference.engine.sampling;

import java.util.Optional;

/**
 * Decides which tokens one sequence may go on with. Stateful, one a sequence, used by one thread at a time.
 *
 * <p>What it allows depends on nothing but the tokens accepted so far and {@code tokensLeft}, so that a replay with the same constraint
 * allows the same tokens.
 */
public interface TokenConstraint {
    /**
     * The tokens that may come next, the model's end tokens among them where the text may end. Never empty before {@link #complete()},
     * as long as {@code tokensLeft} has been counted down by one a token from no less than the constraint's shortest text.
     *
     * @param tokensLeft how many tokens may still be chosen, this one included; {@link Integer#MAX_VALUE} for no limit
     * @return a bit a token id, id {@code i} in bit {@code i % 64} of element {@code i / 64}; ids beyond its end are not allowed. May be
     *     shared: not to be changed, and valid only until the next call
     */
    long[] allowed(int tokensLeft);

    /**
     * Goes on by a token. Not called for an end token, which ends the sequence.
     *
     * @throws IllegalArgumentException if the token is not allowed here
     */
    void accept(int token);

    /** Whether nothing can follow, so that the sequence is at its end without an end token. */
    boolean complete();

    /**
     * What the last {@link #allowed} would have allowed had there been no bound on the tokens, of the same form; empty if that is no more. If
     * the likeliest of these tokens was left out, the answer ends sooner than the model would have it: its finish reason is {@code length}.
     */
    Optional<long[]> unbounded();
}
