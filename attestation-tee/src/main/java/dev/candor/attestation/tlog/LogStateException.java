package dev.candor.attestation.tlog;

import java.io.IOException;

/**
 * What is on the disk contradicts the log's own checkpoint or what was asked to be appended. Trying again does not help:
 * going on would contradict what was published.
 */
public final class LogStateException extends IOException {
    public LogStateException(String message) {
        super(message);
    }

    public LogStateException(String message, Throwable cause) {
        super(message, cause);
    }
}
