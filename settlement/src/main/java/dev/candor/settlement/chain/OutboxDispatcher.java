package dev.candor.settlement.chain;

import java.lang.System.Logger;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes transactions of queued calls and sees that they stay with the chain: hands them over again, and pays more when they
 * are not mined. What is sent is on the disk before, so a crash in between sends it again and never twice.
 */
final class OutboxDispatcher {
    private static final Logger LOG = System.getLogger(OutboxDispatcher.class.getName());
    private static final BigInteger PLAIN_TRANSFER_GAS = BigInteger.valueOf(21_000);

    private final SqlOutboxStore store;
    private final ChainClient chain;
    private final RawSender sender;
    private final long chainId;
    private final ChainAccount account;
    private final OutboxConfig config;
    private final Clock clock;
    private Instant lastBroadcast = Instant.MIN;

    OutboxDispatcher(
            SqlOutboxStore store,
            ChainClient chain,
            RawSender sender,
            long chainId,
            ChainAccount account,
            OutboxConfig config,
            Clock clock) {
        this.store = store;
        this.chain = chain;
        this.sender = sender;
        this.chainId = chainId;
        this.account = account;
        this.config = config;
        this.clock = clock;
    }

    /** Sends queued calls as far as there is room; returns what stands in the way of the rest, if anything. */
    Optional<String> sendQueued(List<OutboxEntry> underWay) throws ChainException {
        List<OutboxEntry> queued = store.inState(OutboxState.QUEUED, Math.max(0, config.maxUnconfirmed() - underWay.size()));
        if (queued.isEmpty()) {
            return Optional.empty();
        }
        Optional<Fees> fees = fees();
        if (fees.isEmpty()) {
            return Optional.of("gas costs more than the cap of " + config.fees().cap() + " wei");
        }
        long nonce = Math.max(chain.pendingCount(account.address()), nextOwnNonce(underWay));
        for (OutboxEntry entry : queued) {
            Optional<BigInteger> gas = gas(entry);
            if (gas.isEmpty()) {
                continue;
            }
            SignedTransaction transaction = sign(entry, nonce, gas.get(), fees.get());
            // It may have been withdrawn meanwhile; then its nonce is the next one's.
            if (store.markSent(entry, transaction)) {
                nonce++;
                handOver(transaction);
            }
        }
        return Optional.empty();
    }

    /** Hands transactions over again that are not mined for long, and replaces those that are not mined for very long. */
    void keepAlive(List<OutboxEntry> sent) throws ChainException {
        Instant now = clock.instant();
        if (sent.isEmpty() || now.isBefore(lastBroadcast.plus(config.rebroadcastAfter()))) {
            return;
        }
        lastBroadcast = now;
        for (OutboxEntry entry : sent) {
            List<SqlOutboxStore.Attempt> attempts = store.attempts(entry);
            SqlOutboxStore.Attempt newest = attempts.getFirst();
            Duration age = Duration.between(newest.madeAt(), now);
            if (age.compareTo(config.replaceAfter()) > 0) {
                handOver(replacement(entry, newest.transaction()).orElse(newest.transaction()));
            } else if (age.compareTo(config.rebroadcastAfter()) > 0) {
                handOver(newest.transaction());
            }
        }
    }

    /** Uses up a nonce that nobody uses, which would keep all later ones from being mined. */
    void fill(long nonce) throws ChainException {
        Optional<Fees> fees = fees();
        if (fees.isEmpty()) {
            return;
        }
        SignedTransaction filler = SignedTransaction.sign(
                account, chainId, nonce, account.address(), "0x", PLAIN_TRANSFER_GAS, fees.get());
        LOG.log(Logger.Level.WARNING, "nonce {0} of {1} was left unused; it is filled", Long.toString(nonce), account);
        store.addSent("fill:" + chainId + ":" + nonce + ":" + clock.millis(), account.address(), "0x", filler);
        handOver(filler);
    }

    private Optional<SignedTransaction> replacement(OutboxEntry entry, SignedTransaction old) throws ChainException {
        Optional<Fees> now = fees();
        if (now.isEmpty() || !config.fees().allows(old.fees().bumped())) {
            return Optional.empty();
        }
        BigInteger gas = entry.call().equals("0x") ? PLAIN_TRANSFER_GAS : config.maxGas();
        SignedTransaction replacement = sign(entry, old.nonce(), gas, old.fees().bumped().atLeast(now.get()));
        LOG.log(Logger.Level.INFO, "{0} is not mined yet; {1} pays more in its place", old.hash(), replacement.hash());
        store.addAttempt(entry, replacement);
        return Optional.of(replacement);
    }

    private Optional<Fees> fees() throws ChainException {
        return config.fees().now(chain.latestBlock().baseFee(), chain.suggestedTip());
    }

    /** The gas limit for a call; a call that would be reverted is ended. */
    private Optional<BigInteger> gas(OutboxEntry entry) throws ChainException {
        try {
            chain.call(account.address(), entry.to(), entry.call());
            BigInteger needed = chain.estimateGas(account.address(), entry.to(), entry.call());
            BigInteger limit = needed.add(needed.shiftRight(2));
            if (limit.compareTo(config.maxGas()) <= 0) {
                return Optional.of(limit);
            }
            store.finish(entry, OutboxState.REFUSED, Optional.of("needs " + needed + " gas"));
        } catch (ChainRpcException e) {
            if (!e.isRevert()) {
                throw e;
            }
            store.finish(entry, OutboxState.REFUSED, Optional.of(RevertReason.of(e.data())));
        }
        return Optional.empty();
    }

    private SignedTransaction sign(OutboxEntry entry, long nonce, BigInteger gas, Fees fees) {
        return SignedTransaction.sign(account, chainId, nonce, entry.to(), entry.call(), gas, fees);
    }

    private void handOver(SignedTransaction transaction) throws ChainException {
        try {
            sender.send(transaction.raw());
        } catch (ChainRpcException e) {
            // The chain may know it already, or have mined it; what became of it is asked by its hash.
            String message = e.getMessage().toLowerCase(Locale.ROOT);
            boolean known = message.contains("already") || message.contains("known") || message.contains("nonce too low");
            LOG.log(known ? Logger.Level.DEBUG : Logger.Level.WARNING, "{0} was not taken: {1}", transaction.hash(), e.getMessage());
        }
    }

    private static long nextOwnNonce(List<OutboxEntry> underWay) {
        OptionalLong highest = underWay.stream().mapToLong(entry -> entry.nonce().orElse(-1)).max();
        return highest.isPresent() ? highest.getAsLong() + 1 : 0;
    }
}
