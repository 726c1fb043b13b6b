package dev.candor.client.error;

/** There was no connection to the node, or it broke off and stayed broken. */
public final class NodeUnreachableException extends CandorException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened.
     *
     * @param message says what was wrong and what to do
     * @param cause   may be null
     */
    public NodeUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
