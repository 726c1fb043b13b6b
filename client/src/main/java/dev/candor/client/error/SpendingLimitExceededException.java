package dev.candor.client.error;

import dev.candor.client.pay.SpendingLimitException;
import java.math.BigInteger;

/** The node asks for more than the limits allow. No payment was signed, so nothing can be charged. */
public final class SpendingLimitExceededException extends CandorException {
    private static final long serialVersionUID = 1L;

    private final transient SpendingLimitException limit;

    /**
     * With the limit that would be passed.
     *
     * @param message for people
     * @param limit   which, and by how much
     */
    public SpendingLimitExceededException(String message, SpendingLimitException limit) {
        super(message, limit);
        this.limit = limit;
    }

    /**
     * Which limit.
     *
     * @return for one request, a day or a node
     */
    public SpendingLimitException.Limit limit() {
        return limit.limit();
    }

    /**
     * What the request, or the day with it, would come to.
     *
     * @return atomic units
     */
    public BigInteger asked() {
        return limit.asked();
    }

    /**
     * The limit.
     *
     * @return atomic units
     */
    public BigInteger allowed() {
        return limit.allowed();
    }
}
