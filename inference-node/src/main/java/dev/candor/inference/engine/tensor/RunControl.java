package dev.candor.inference.engine.tensor;

/** Lets one thread end what another runs. Thread-safe. */
public final class RunControl {
    private boolean stopped;
    private Runnable terminate;

    /** Whether the run is to end. */
    public synchronized boolean stopped() {
        return stopped;
    }

    /** Ends the run: now where it is at work, else when it begins. */
    public synchronized void stop() {
        stopped = true;
        if (terminate != null) {
            terminate.run();
        }
    }

    /** From now on {@code action} ends the run; called at once where that was asked for already. */
    public synchronized void attach(Runnable action) {
        terminate = action;
        if (stopped) {
            action.run();
        }
    }

    /** The run is over: its action is not called any more. */
    public synchronized void detach() {
        terminate = null;
    }
}
