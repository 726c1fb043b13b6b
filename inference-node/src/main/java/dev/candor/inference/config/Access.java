package dev.candor.inference.config;

import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.limits.RateLimit;

/**
 * Who may ask for how much.
 *
 * @param requireKey whether nothing is done for clients without a key
 * @param limit      of each client, told by its key, payer or address; keys may have their own
 * @param share      of the node's places that one client may have
 */
public record Access(boolean requireKey, RateLimit limit, ClientShare share) {
    /** Everybody may ask for as much as they like. */
    public static final Access OPEN = new Access(false, RateLimit.NONE, ClientShare.HALF);

    /**
     * From what an operator writes.
     *
     * @param requests     a minute, 0 for no limit
     * @param tokens       a minute, 0 for no limit
     * @param sharePercent 1 to 100
     * @throws ConfigException if a value cannot be used
     */
    public static Access of(boolean requireKey, int requests, int tokens, int sharePercent) {
        notNegative("--rate-limit-requests", requests);
        notNegative("--rate-limit-tokens", tokens);
        if (sharePercent < 1 || sharePercent > 100) {
            throw new ConfigException("--client-share must be between 1 and 100 percent, got " + sharePercent);
        }
        return new Access(requireKey, new RateLimit(requests, tokens), new ClientShare(sharePercent));
    }

    private static void notNegative(String option, int value) {
        if (value < 0) {
            throw new ConfigException(option + " must not be negative, got " + value + "; 0 is no limit");
        }
    }
}
