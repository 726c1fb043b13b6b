package dev.candor.inference.cli;

import java.util.concurrent.CountDownLatch;

/**
 * What Ctrl-C and {@code candor down} do to a node: one that runs is drained and closed; a start is broken off at once, without the native libraries' own
 * end, which must not run while they are still opening a model. What a broken-off start leaves, the next one clears away.
 */
final class StopSignal {
    private static final int INTERRUPTED = 130;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private AutoCloseable running;
    private boolean over;

    /** Listens for the signal from now on. */
    void install() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
    }

    /** The start is over: with {@code node} running. */
    synchronized void started(AutoCloseable node) {
        running = node;
    }

    /** The start is over, and nothing runs. */
    synchronized void failed() {
        over = true;
    }

    /** Waits until the node was stopped. */
    void await() throws InterruptedException {
        stopped.await();
    }

    private synchronized void stop() {
        if (over) {
            return;
        }
        if (running == null) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        try {
            running.close();
        } catch (Exception e) {
            System.getLogger(StopSignal.class.getName()).log(System.Logger.Level.WARNING, "stopping failed", e);
        }
        stopped.countDown();
    }
}
