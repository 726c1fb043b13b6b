package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;

/** Reads what decides whether a Permit2 payment can be settled. Thread-safe; blocks for at most a few seconds. */
public interface PayerReader {
    /** The payer's token balance and its allowance to Permit2, both at the newest block. */
    PayerFunds funds(EvmAddress payer) throws ChainException;

    /** Whether Permit2 has seen {@code nonce} of {@code owner} already (its {@code nonceBitmap}). */
    boolean nonceUsed(EvmAddress owner, BigInteger nonce) throws ChainException;
}
