package dev.candor.settlement.chain;

import java.io.IOException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * Mines a block a second while there is something to mine or somebody waits for confirmations, and nothing otherwise: a
 * chain at rest does not grow. One thread calls {@link #tick}.
 */
final class BlockMiner {
    private static final Logger LOG = System.getLogger(BlockMiner.class.getName());
    private static final Duration BLOCK_TIME = Duration.ofSeconds(1);
    private static final Duration SLOW_BLOCK_TIME = Duration.ofSeconds(30);
    private static final int MANY_EMPTY_BLOCKS = 30;
    private static final Duration REST = Duration.ofSeconds(2);

    private final DevChainRpc chain;
    private final DevChainFiles files;
    private final List<BooleanSupplier> waiting = new CopyOnWriteArrayList<>();
    private long lastMined = System.nanoTime() - BLOCK_TIME.toNanos();
    private int emptyBlocks;
    private long lastWaiting;
    private boolean copyDue = true;

    BlockMiner(DevChainRpc chain, DevChainFiles files) {
        this.chain = chain;
        this.files = files;
    }

    void mineWhile(BooleanSupplier somebodyWaits) {
        waiting.add(somebodyWaits);
    }

    /** Mines if it is time and there is a reason. */
    synchronized void tick() throws ChainException {
        Duration since = Duration.ofNanos(System.nanoTime() - lastMined);
        long pending = since.compareTo(BLOCK_TIME) < 0 ? lastWaiting : chain.waiting();
        if (pending != lastWaiting) {
            lastWaiting = pending;
            emptyBlocks = 0;
        }
        // A transaction that can never be mined, or a wait that never ends, must not make the chain grow for ever.
        Duration blockTime = emptyBlocks > MANY_EMPTY_BLOCKS ? SLOW_BLOCK_TIME : BLOCK_TIME;
        if (since.compareTo(blockTime) < 0) {
            return;
        }
        if (pending > 0 || waiting.stream().anyMatch(BooleanSupplier::getAsBoolean)) {
            mine();
        } else {
            emptyBlocks = 0;
            if (copyDue && since.compareTo(REST) > 0) {
                keepState();
            }
        }
    }

    /** Mines now, for those who set the chain up and wait. */
    synchronized void mine() throws ChainException {
        chain.mine();
        lastMined = System.nanoTime();
        emptyBlocks = chain.newestBlockTransactions() > 0 ? 0 : emptyBlocks + 1;
        copyDue = true;
    }

    private void keepState() {
        try {
            copyDue = !files.keepWholeState();
        } catch (IOException e) {
            LOG.log(Logger.Level.DEBUG, "no copy of the dev chain's state was kept", e);
        }
    }
}
