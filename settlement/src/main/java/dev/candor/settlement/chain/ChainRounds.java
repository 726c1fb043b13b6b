package dev.candor.settlement.chain;

import dev.candor.settlement.ledger.LedgerException;
import java.lang.System.Logger;
import java.time.Duration;

/** Does one kind of work with the chain again and again, on a thread of its own, whatever a round of it ends with. */
public final class ChainRounds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ChainRounds.class.getName());

    /** One look at all there is to do. */
    @FunctionalInterface
    public interface Round {
        void run() throws ChainException;
    }

    private final String what;
    private final Round round;
    private final Thread worker;
    private Duration poll;

    /** @param what names the work in the log and the thread, in the plural */
    public ChainRounds(String what, Round round) {
        this.what = what;
        this.round = round;
        this.worker = Thread.ofVirtual().name(what).unstarted(this::work);
    }

    /**
     * Begins the first round.
     *
     * @param poll the rest between two rounds
     */
    public void start(Duration poll) {
        this.poll = poll;
        worker.start();
    }

    private void work() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                round.run();
            } catch (ChainException e) {
                LOG.log(Logger.Level.DEBUG, "{0} wait for the chain: {1}", what, e.getMessage());
            } catch (LedgerException e) {
                LOG.log(Logger.Level.WARNING, "{0} wait for the ledger: {1}", what, e.getMessage());
            } catch (RuntimeException e) {
                LOG.log(Logger.Level.ERROR, "a round of " + what + " failed", e);
            }
            try {
                Thread.sleep(poll);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Interrupts the round under way and waits until it has ended. */
    @Override
    public void close() {
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
