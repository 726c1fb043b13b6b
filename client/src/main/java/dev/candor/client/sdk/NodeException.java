package dev.candor.client.sdk;

/** The node could not be reached, or answered with something that is not an answer; the message says what to do. */
public final class NodeException extends Exception {
    public NodeException(String message) {
        super(message);
    }

    public NodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
