package dev.candor.settlement.chain;

import java.math.BigInteger;
import java.time.Instant;

/**
 * What a payer can spend through Permit2.
 *
 * @param balance   atomic units of the token
 * @param allowance atomic units that Permit2 may move
 * @param readAt    when the chain said so
 */
public record PayerFunds(BigInteger balance, BigInteger allowance, Instant readAt) {
    /** What a payment can move at most now. */
    public BigInteger spendable() {
        return balance.min(allowance);
    }
}
