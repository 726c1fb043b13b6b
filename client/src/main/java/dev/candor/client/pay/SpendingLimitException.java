package dev.candor.client.pay;

import java.math.BigInteger;

/** A payment was not signed because it would pass a limit the payer set. */
public final class SpendingLimitException extends Exception {
    private final Limit limit;
    private final transient BigInteger asked;
    private final transient BigInteger allowed;

    /** Which limit. */
    public enum Limit {
        /** {@link SpendingLimits#perRequest()}. */
        REQUEST,
        /** {@link SpendingLimits#perDay()}. */
        DAY,
        /** {@link SpendingLimits#perHost()}. */
        HOST
    }

    /**
     * @param asked   what would have come of it: the request's cap, or the day's sum with it
     * @param allowed the limit
     */
    SpendingLimitException(Limit limit, BigInteger asked, BigInteger allowed, String message) {
        super(message);
        this.limit = limit;
        this.asked = asked;
        this.allowed = allowed;
    }

    public Limit limit() {
        return limit;
    }

    /** What the request, or the day with it, would come to, in atomic units. */
    public BigInteger asked() {
        return asked;
    }

    /** The limit, in atomic units. */
    public BigInteger allowed() {
        return allowed;
    }
}
