package dev.candor.inference.engine;

import java.util.OptionalLong;

/**
 * How a sequence is to be served, none of which changes its tokens.
 *
 * @param client        whose it is, for fairness among clients; the empty string for nobody in particular
 * @param deadlineNanos {@link System#nanoTime()} after which it is ended with what there is
 * @param replay        whether its tokens must be those that one prefill of the whole transcript gives, bit for bit
 * @param cacheSalt     only sequences of the same salt share cached prompts; empty for the common one
 */
public record ServiceTerms(String client, Priority priority, OptionalLong deadlineNanos, boolean replay, String cacheSalt) {
    /** Interactive, of nobody in particular, without a deadline. */
    public static ServiceTerms plain() {
        return new ServiceTerms("", Priority.INTERACTIVE, OptionalLong.empty(), false, "");
    }
}
