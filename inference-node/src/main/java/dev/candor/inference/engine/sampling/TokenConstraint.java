package dev.candor.inference.engine.sampling;

/** Which tokens one answer may consist of. Of one sequence, and not thread-safe. */
public interface TokenConstraint {
    /**
     * The tokens that may come next; among them the end tokens where the answer may end here.
     *
     * @param tokensLeft tokens that may still come, this one included; the closer to the end, the less is allowed, so that the answer gets whole
     * @return bit {@code id % 64} of word {@code id / 64}; may be shared, and must not be changed
     */
    long[] allowed(int tokensLeft);

    /** Takes the token that came. @throws IllegalArgumentException if it was not allowed */
    void accept(int token);

    /** Whether nothing but an end can follow. */
    boolean complete();

    /** Whether tokens were forbidden so that the answer gets whole within its bound, which is then cut short. */
    boolean landed();
}
