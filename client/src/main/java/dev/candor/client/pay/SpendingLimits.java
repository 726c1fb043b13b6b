package dev.candor.client.pay;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What a payer allows, in atomic units of the token (10^-18 OPG).
 *
 * @param perRequest the highest cap signed for one request
 * @param perDay     what one UTC day may cost at all nodes together; a request counts with its cap until its charge is known
 * @param perHost    what one UTC day may cost at one node, that is at one host and port
 */
public record SpendingLimits(BigInteger perRequest, BigInteger perDay, BigInteger perHost) {
    private static final BigInteger OPG = BigInteger.TEN.pow(18);

    /** @throws IllegalArgumentException if a limit is negative */
    public SpendingLimits {
        if (perRequest.signum() < 0 || perDay.signum() < 0 || perHost.signum() < 0) {
            throw new IllegalArgumentException("a spending limit must not be negative: " + perRequest + ", " + perDay + ", " + perHost);
        }
    }

    /** One node may cost as much as all together. */
    public SpendingLimits(BigInteger perRequest, BigInteger perDay) {
        this(perRequest, perDay, perDay);
    }

    /** 0.1 OPG a request, 5 OPG a day, at one node or at many. */
    public static SpendingLimits standard() {
        return new SpendingLimits(OPG.divide(BigInteger.TEN), OPG.multiply(BigInteger.valueOf(5)));
    }

    /**
     * The same with another limit for one request.
     *
     * @param opg in OPG, for example {@code "0.02"}
     * @throws NumberFormatException if it is no number
     * @throws ArithmeticException   if it has more than 18 decimals
     */
    public SpendingLimits withPerRequest(String opg) {
        return new SpendingLimits(units(opg), perDay, perHost);
    }

    /** The same with another limit for one day at all nodes together; as {@link #withPerRequest}. */
    public SpendingLimits withPerDay(String opg) {
        return new SpendingLimits(perRequest, units(opg), perHost);
    }

    /** The same with another limit for one day at one node; as {@link #withPerRequest}. */
    public SpendingLimits withPerHost(String opg) {
        return new SpendingLimits(perRequest, perDay, units(opg));
    }

    private static BigInteger units(String opg) {
        return OpgAmount.units(new BigDecimal(opg));
    }
}
