package dev.candor.attestation.tlog;

/** A proof, a signature or a checkpoint does not show what it claims; the message holds both values that differ. */
public class LogProofException extends Exception {
    public LogProofException(String message) {
        super(message);
    }

    public LogProofException(String message, Throwable cause) {
        super(message, cause);
    }
}
