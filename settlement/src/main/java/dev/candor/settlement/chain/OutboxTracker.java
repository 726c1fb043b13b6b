package dev.candor.settlement.chain;

import java.lang.System.Logger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Follows transactions until they are final. A transaction counts as mined only as long as the chain shows it in the block
 * it was seen in; before it is final, that block is asked for once more.
 */
final class OutboxTracker {
    private static final Logger LOG = System.getLogger(OutboxTracker.class.getName());

    private final SqlOutboxStore store;
    private final ChainClient chain;
    private final ChainAccount account;
    private final OutboxConfig config;

    OutboxTracker(SqlOutboxStore store, ChainClient chain, ChainAccount account, OutboxConfig config) {
        this.store = store;
        this.chain = chain;
        this.account = account;
        this.config = config;
    }

    /** Looks at what became of each. */
    void follow(List<OutboxEntry> underWay) throws ChainException {
        if (underWay.isEmpty()) {
            return;
        }
        long minedCount = chain.minedCount(account.address());
        long head = chain.blockNumber();
        for (OutboxEntry entry : underWay) {
            if (entry.state() == OutboxState.MINED) {
                followMined(entry, head);
            } else {
                followSent(entry, minedCount, head);
            }
        }
    }

    private void followMined(OutboxEntry entry, long head) throws ChainException {
        Optional<TransactionResult> result = chain.result(entry.transaction().orElseThrow());
        if (result.isEmpty()) {
            LOG.log(Logger.Level.WARNING, "the block with {0} was taken back", entry.transaction().get());
            store.markUnmined(entry);
        } else if (!result.get().blockHash().equals(entry.blockHash().orElseThrow())) {
            LOG.log(Logger.Level.WARNING, "{0} moved to another block", result.get().hash());
            store.markMined(entry, result.get());
        } else if (isDeep(result.get(), head)) {
            finish(entry, result.get());
        }
    }

    private boolean isDeep(TransactionResult result, long head) throws ChainException {
        return head - result.blockNumber() + 1 >= config.confirmations()
                && chain.block(result.blockNumber()).map(block -> block.hash().equals(result.blockHash())).orElse(false);
    }

    private void finish(OutboxEntry entry, TransactionResult result) throws ChainException {
        if (result.succeeded()) {
            store.finish(entry, OutboxState.CONFIRMED, Optional.empty());
        } else {
            store.finish(entry, OutboxState.REVERTED, Optional.of(reason(entry)));
        }
    }

    private String reason(OutboxEntry entry) throws ChainException {
        try {
            chain.call(account.address(), entry.to(), entry.call());
            return "reverted without a reason";
        } catch (ChainRpcException e) {
            return RevertReason.of(e.data());
        }
    }

    private void followSent(OutboxEntry entry, long minedCount, long head) throws ChainException {
        for (SqlOutboxStore.Attempt attempt : store.attempts(entry)) {
            Optional<TransactionResult> result = chain.result(attempt.transaction().hash());
            if (result.isPresent()) {
                store.markMined(entry, result.get());
                return;
            }
        }
        boolean nonceUsed = minedCount > entry.nonce().orElseThrow();
        if (!nonceUsed) {
            if (entry.lostSince().isPresent()) {
                store.markLost(entry, OptionalLong.empty());
            }
        } else if (entry.lostSince().isEmpty()) {
            store.markLost(entry, OptionalLong.of(head));
        } else if (head >= entry.lostSince().getAsLong() + config.confirmations()) {
            LOG.log(Logger.Level.WARNING, "nonce {0} was used by another transaction; {1} gets a new one",
                    Long.toString(entry.nonce().getAsLong()), entry.key());
            store.requeue(entry, "its nonce was used by another transaction");
        }
    }
}
