package dev.candor.client.error;

/** The caller cancelled, or its thread was interrupted; the thread's interrupt flag is set again then. What was paid for may still be charged. */
public final class CallCancelledException extends CandorException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened.
     *
     * @param message says what was wrong and what to do
     * @param cause   may be null
     */
    public CallCancelledException(String message, Throwable cause) {
        super(message, cause);
    }
}
