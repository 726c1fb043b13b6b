package dev.candor.client.sdk;

/** The node could not be reached, or answered with something that is not an answer; the message says what to do. */
public final class NodeException extends Exception {
    private final Kind kind;

    /** What happened. */
    public enum Kind {
        /** No connection, or one that broke off. */
        UNREACHABLE,
        /** The node's Evidence does not satisfy the policy; nothing was paid. */
        UNFIT,
        /** What came is not what the node should have answered. */
        NOT_AN_ANSWER,
        /** The time allowed for the call was over. */
        TIMED_OUT,
        /** The caller cancelled. */
        CANCELLED
    }

    public NodeException(String message) {
        this(Kind.NOT_AN_ANSWER, message, null);
    }

    public NodeException(String message, Throwable cause) {
        this(Kind.NOT_AN_ANSWER, message, cause);
    }

    NodeException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
