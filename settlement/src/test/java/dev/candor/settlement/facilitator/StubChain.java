package dev.candor.settlement.facilitator;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ChainUnreachableException;
import dev.candor.settlement.chain.PayerFunds;
import dev.candor.settlement.chain.PayerReader;
import java.math.BigInteger;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A chain that says what it is told to, is down, or hangs. */
final class StubChain implements PayerReader {
    final AtomicInteger questions = new AtomicInteger();
    final Set<BigInteger> usedNonces = ConcurrentHashMap.newKeySet();
    volatile BigInteger balance = BigInteger.valueOf(1_000_000);
    volatile BigInteger allowance = BigInteger.TWO.pow(200);
    volatile boolean down;
    volatile CountDownLatch hang = new CountDownLatch(0);
    private final Clock clock;

    StubChain(Clock clock) {
        this.clock = clock;
    }

    @Override
    public PayerFunds funds(EvmAddress payer) throws ChainException {
        answer();
        return new PayerFunds(balance, allowance, clock.instant());
    }

    @Override
    public boolean nonceUsed(EvmAddress owner, BigInteger nonce) throws ChainException {
        answer();
        return usedNonces.contains(nonce);
    }

    private void answer() throws ChainException {
        questions.incrementAndGet();
        try {
            hang.await();
        } catch (InterruptedException e) {
            throw new ChainUnreachableException("interrupted", e);
        }
        if (down) {
            throw new ChainUnreachableException("the chain is down", null);
        }
    }
}
