package dev.candor.settlement.facilitator;

import java.math.BigInteger;

/** What a model costs, in atomic units of the asset per prompt token and per completion token. */
public record Price(BigInteger input, BigInteger output) {
    /** The amount for so many tokens. */
    public BigInteger amount(long promptTokens, long completionTokens) {
        return input.multiply(BigInteger.valueOf(promptTokens)).add(output.multiply(BigInteger.valueOf(completionTokens)));
    }
}
