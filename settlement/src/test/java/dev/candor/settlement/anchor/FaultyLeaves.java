package dev.candor.settlement.anchor;

import dev.candor.settlement.ledger.LeafSource;
import dev.candor.settlement.ledger.LedgerException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A ledger whose reads fail a given number of times. */
final class FaultyLeaves implements LeafSource {
    private final LeafSource leaves;
    private final AtomicInteger failures;
    private final CountDownLatch failed;

    FaultyLeaves(LeafSource leaves, int failures) {
        this.leaves = leaves;
        this.failures = new AtomicInteger(failures);
        this.failed = new CountDownLatch(failures);
    }

    void awaitFailures() throws InterruptedException {
        failed.await();
    }

    @Override
    public List<byte[]> leaves(long from, int limit) {
        if (limit > 0 && from < leaves.leafCount() && failures.getAndDecrement() > 0) {
            failed.countDown();
            throw new LedgerException("the ledger is away", null);
        }
        return leaves.leaves(from, limit);
    }

    @Override
    public long leafCount() {
        return leaves.leafCount();
    }
}
