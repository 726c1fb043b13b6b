package dev.candor.client.error;

/** The receipt could not be kept, or one that is kept cannot be read. */
public final class ReceiptStoreException extends CandorException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened.
     *
     * @param message says what was wrong and what to do
     * @param cause   may be null
     */
    public ReceiptStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
