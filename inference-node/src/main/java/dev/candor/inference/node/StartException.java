package dev.candor.inference.node;

import dev.candor.inference.config.CandorHome;

/** The node cannot start; the message is one line that says what to do. */
public final class StartException extends Exception {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Another node has the home. */
    public static StartException alreadyRunning(CandorHome home, String pid) {
        return new StartException("a node already runs on " + home.root() + " (pid " + pid
                + "): stop it with ./candor down, or give this one another --home and --port");
    }
}
