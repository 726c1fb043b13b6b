package dev.candor.attestation.tlog;

/** Bytes or text that are not in the form of a note, a checkpoint, a key, a tile path or an entry bundle. */
public final class LogFormatException extends LogProofException {
    public LogFormatException(String message) {
        super(message);
    }

    public LogFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
