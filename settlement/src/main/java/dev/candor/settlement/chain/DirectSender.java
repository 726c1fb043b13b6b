package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends the few transactions of a set-up and waits for them. Everything later goes through the {@link Outbox}. */
final class DirectSender {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 20;
    private static final long SLOW_POLL_MILLIS = 1000;

    private final ChainClient chain;
    private final long chainId;
    private final Optional<DevChain> devChain;

    DirectSender(ChainClient chain, long chainId, Optional<DevChain> devChain) {
        this.chain = chain;
        this.chainId = chainId;
        this.devChain = devChain;
    }

    /** A call to be sent. */
    record Call(EvmAddress to, BigInteger wei, String data) {
        Call(EvmAddress to, String data) {
            this(to, BigInteger.ZERO, data);
        }
    }

    /** The wei that {@code calls} take at most, each of which must be possible now. */
    BigInteger cost(ChainAccount account, List<Call> calls) throws ChainException, ChainSetupException {
        BigInteger gas = BigInteger.ZERO;
        BigInteger carried = BigInteger.ZERO;
        for (Call call : calls) {
            gas = gas.add(limit(account, call));
            carried = carried.add(call.wei());
        }
        return gas.multiply(fees().maxFee()).add(carried);
    }

    /** Sends {@code calls} from {@code account} in this order; returns the hashes. */
    List<String> send(ChainAccount account, List<Call> calls) throws ChainException, ChainSetupException {
        Fees fees = fees();
        long nonce = chain.pendingCount(account.address());
        List<String> hashes = new ArrayList<>();
        for (Call call : calls) {
            SignedTransaction signed = SignedTransaction.sign(
                    account, chainId, nonce++, call.to(), call.wei(), call.data(), limit(account, call), fees);
            chain.sendRaw(signed.raw());
            hashes.add(signed.hash());
        }
        return hashes;
    }

    private BigInteger limit(ChainAccount account, Call call) throws ChainException {
        BigInteger gas = chain.estimateGas(account.address(), call.to(), call.data());
        return gas.add(gas.shiftRight(2));
    }

    private Fees fees() throws ChainException, ChainSetupException {
        return FeePolicy.standard()
                .now(chain.latestBlock().baseFee(), chain.suggestedTip())
                .orElseThrow(() -> new ChainSetupException("gas is too expensive on chain " + chainId + " now: try again later"));
    }

    /** Waits until all are mined. @throws ChainSetupException if one is reverted or is not mined in time */
    void await(List<String> hashes) throws ChainException, ChainSetupException {
        if (devChain.isPresent() && !hashes.isEmpty() && chain.result(hashes.getLast()).isEmpty()) {
            devChain.get().mineNow();
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        for (String hash : hashes) {
            Optional<TransactionResult> result = chain.result(hash);
            while (result.isEmpty()) {
                if (System.nanoTime() > end) {
                    throw new ChainSetupException("transaction " + hash + " was not mined within " + LIMIT.toMinutes() + " minutes");
                }
                pause();
                result = chain.result(hash);
            }
            if (!result.get().succeeded()) {
                throw new ChainSetupException("transaction " + hash + " of the set-up was reverted");
            }
        }
    }

    private void pause() throws ChainSetupException {
        try {
            Thread.sleep(devChain.isPresent() ? POLL_MILLIS : SLOW_POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainSetupException("interrupted while waiting for the chain", e);
        }
    }
}
