package dev.candor.settlement.chain;

import java.math.BigInteger;

/** What a transaction pays per gas at most, and to the block's builder (EIP-1559), in wei. */
record Fees(BigInteger maxFee, BigInteger tip) {
    /** Nodes take a replacement only if both figures rise by a tenth; an eighth leaves room for rounding. */
    Fees bumped() {
        return new Fees(eighthMore(maxFee), eighthMore(tip));
    }

    Fees atLeast(Fees other) {
        return new Fees(maxFee.max(other.maxFee), tip.max(other.tip));
    }

    private static BigInteger eighthMore(BigInteger fee) {
        return fee.multiply(BigInteger.valueOf(9)).divide(BigInteger.valueOf(8)).add(BigInteger.ONE);
    }
}
