package dev.candor.client.pay;

import java.math.BigDecimal;
import java.math.BigInteger;

/** An amount of OPG for people: atomic units with 18 decimals. */
public record OpgAmount(BigInteger units) {
    private static final int DECIMALS = 18;

    /** @throws ArithmeticException if there are more than 18 decimals */
    public static BigInteger units(BigDecimal opg) {
        return opg.movePointRight(DECIMALS).toBigIntegerExact();
    }

    /** For example {@code 0.000123 OPG}. */
    @Override
    public String toString() {
        BigDecimal opg = new BigDecimal(units, DECIMALS).stripTrailingZeros();
        return (opg.scale() < 0 ? opg.setScale(0) : opg).toPlainString() + " OPG";
    }
}
