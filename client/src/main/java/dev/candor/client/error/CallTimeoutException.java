package dev.candor.client.error;

/** The call took longer than it was allowed to. What was paid for may still be charged. */
public final class CallTimeoutException extends CandorException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened.
     *
     * @param message says what was wrong and what to do
     * @param cause   may be null
     */
    public CallTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
