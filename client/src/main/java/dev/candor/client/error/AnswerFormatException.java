package dev.candor.client.error;

/** The answer verified, or was not to be verified, but is not of the form that was asked for: no JSON where a record was wanted, cut by max_tokens, refused. */
public final class AnswerFormatException extends CandorException {
    private static final long serialVersionUID = 1L;

    /**
     * With what happened.
     *
     * @param message says what was wrong and what to do
     * @param cause   may be null
     */
    public AnswerFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
