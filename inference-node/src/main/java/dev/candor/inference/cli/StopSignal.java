package dev.candor.inference.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;

/**
 * What Ctrl-C and {@code candor down} do to a node: one that runs is drained and closed, and then the process ends; a start is broken off at once, and what
 * it leaves, the next one clears away. Shutdown hooks will not do for this: they all run at once, and ONNX Runtime's own tears its environment down under
 * the sequences that are still at work.
 */
final class StopSignal {
    /** Set for a process that is to outlive its terminal. */
    static final String DETACHED = "candor.detached";

    private static final int INTERRUPTED = 130;

    private final AtomicReference<CountDownLatch> running = new AtomicReference<>();

    /** Listens for the signals from now on. */
    void install() {
        List<String> signals = Boolean.getBoolean(DETACHED) ? List.of("INT", "TERM") : List.of("INT", "TERM", "HUP");
        signals.forEach(name -> Signal.handle(new Signal(name), signal -> received()));
    }

    /** The start is over; waits for a signal. */
    void await() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        running.set(stop);
        stop.await();
    }

    /** Listens and waits, for what has nothing to break off. */
    void awaitInstalled() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        running.set(stop);
        install();
        stop.await();
    }

    private void received() {
        CountDownLatch stop = running.get();
        if (stop == null) {
            Runtime.getRuntime().halt(INTERRUPTED);
        } else {
            stop.countDown();
        }
    }
}
