package dev.candor.client.sdk;

import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.ReceiptStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Adds to saved receipts what comes after the answer: the log's proof within seconds, the anchor within minutes. What has not come by then is
 * left to {@code verify}. Thread-safe.
 */
public final class LateProofs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LateProofs.class.getName());
    private static final long[] DELAYS_MILLIS = {200, 300, 500, 1_000, 2_000, 60_000, 60_000, 120_000};
    private static final int MAX_FOLLOWED = 1_000;

    private final BundleCompleter completer;
    private final ReceiptStore store;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("late-proofs").factory());
    private final Semaphore places = new Semaphore(MAX_FOLLOWED);
    private int withoutProof;

    public LateProofs(BundleCompleter completer, ReceiptStore store) {
        this.completer = completer;
        this.store = store;
    }

    /** Begins to look for what {@code bundle} lacks; nothing if too many are followed already. */
    void follow(ReceiptBundle bundle) {
        if (places.tryAcquire()) {
            count(1);
            schedule(bundle, 0);
        }
    }

    /** Waits until every receipt followed so far has its proof, or the time is over. */
    public synchronized void awaitProofs(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (withoutProof > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    private synchronized void count(int change) {
        withoutProof += change;
        notifyAll();
    }

    private void schedule(ReceiptBundle bundle, int attempt) {
        timer.schedule(() -> attempt(bundle, attempt), DELAYS_MILLIS[attempt], TimeUnit.MILLISECONDS);
    }

    private void attempt(ReceiptBundle bundle, int attempt) {
        ReceiptBundle now = complete(bundle);
        boolean last = attempt + 1 == DELAYS_MILLIS.length;
        if (bundle.proof().isEmpty() && (now.proof().isPresent() || last)) {
            count(-1);
        }
        if (last || now.proof().isPresent() && now.anchor().isPresent()) {
            places.release();
        } else {
            schedule(now, attempt + 1);
        }
    }

    private ReceiptBundle complete(ReceiptBundle bundle) {
        try {
            ReceiptBundle complete = completer.complete(bundle);
            if (complete != bundle) {
                store.save(complete);
            }
            return complete;
        } catch (NodeException | BundleException e) {
            LOG.log(System.Logger.Level.DEBUG, "receipt {0} is not complete yet: {1}", bundle.id(), e.getMessage());
            return bundle;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return bundle;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
