package dev.candor.attestation.appraisal;

/** Evidence does not bind the key statement, or is not what the policy asks for; the message says which. */
public final class AppraisalException extends Exception {
    public AppraisalException(String message) {
        super(message);
    }

    public AppraisalException(String message, Throwable cause) {
        super(message, cause);
    }
}
