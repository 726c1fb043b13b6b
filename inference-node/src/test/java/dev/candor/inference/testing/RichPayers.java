package dev.candor.inference.testing;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.chain.PayerFunds;
import dev.candor.settlement.chain.PayerReader;
import java.math.BigInteger;
import java.time.Clock;

/** A chain on which everybody is rich and nothing was ever spent. */
public record RichPayers(Clock clock) implements PayerReader {
    @Override
    public PayerFunds funds(EvmAddress payer) {
        BigInteger plenty = BigInteger.TEN.pow(30);
        return new PayerFunds(plenty, plenty, clock.instant());
    }

    @Override
    public boolean nonceUsed(EvmAddress owner, BigInteger nonce) {
        return false;
    }
}
