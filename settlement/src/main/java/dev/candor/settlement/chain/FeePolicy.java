package dev.candor.settlement.chain;

import java.math.BigInteger;
import java.util.Optional;

/**
 * How much to pay for gas.
 *
 * @param cap    wei per gas never to be exceeded
 * @param minTip wei per gas to offer the block's builder at least
 */
public record FeePolicy(BigInteger cap, BigInteger minTip) {
    private static final BigInteger GWEI = BigInteger.TEN.pow(9);

    /** At most 200 gwei per gas, with a tip of at least a thousandth of a gwei. */
    public static FeePolicy standard() {
        return new FeePolicy(GWEI.multiply(BigInteger.valueOf(200)), GWEI.divide(BigInteger.valueOf(1000)));
    }

    /** Twice the base fee and the suggested tip, so that some full blocks do not price it out; empty above the cap. */
    Optional<Fees> now(BigInteger baseFee, BigInteger suggestedTip) {
        BigInteger tip = suggestedTip.max(minTip);
        if (baseFee.add(tip).compareTo(cap) > 0) {
            return Optional.empty();
        }
        return Optional.of(new Fees(baseFee.shiftLeft(1).add(tip).min(cap), tip));
    }

    boolean allows(Fees fees) {
        return fees.maxFee().compareTo(cap) <= 0;
    }
}
