package dev.candor.settlement.chain;

import java.math.BigInteger;
import java.time.Instant;

/** The parts of a block's header that are of use here; {@code baseFee} in wei, zero on chains without EIP-1559. */
public record BlockHeader(long number, String hash, Instant time, BigInteger baseFee) {}
