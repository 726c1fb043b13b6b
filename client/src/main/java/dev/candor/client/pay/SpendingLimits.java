package dev.candor.client.pay;

import java.math.BigInteger;

/**
 * What a payer allows, in atomic units of the token.
 *
 * @param perRequest the highest cap signed for one request
 * @param perDay     what one UTC day may cost; a request counts with its cap until its charge is known
 */
public record SpendingLimits(BigInteger perRequest, BigInteger perDay) {
    private static final BigInteger OPG = BigInteger.TEN.pow(18);

    /** 0.1 OPG a request, 5 OPG a day. */
    public static SpendingLimits standard() {
        return new SpendingLimits(OPG.divide(BigInteger.TEN), OPG.multiply(BigInteger.valueOf(5)));
    }
}
