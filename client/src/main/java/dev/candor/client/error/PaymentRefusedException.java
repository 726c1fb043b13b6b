package dev.candor.client.error;

/** The node wants to be paid and was not: there is no wallet, its offers cannot be paid from this one, or it did not take what was signed. */
public final class PaymentRefusedException extends CandorException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened.
     *
     * @param message says what was wrong and what to do
     * @param cause   may be null
     */
    public PaymentRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
