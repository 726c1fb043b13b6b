package dev.candor.attestation.receipt;

/** An event stream that is not UTF-8 or goes beyond its bounds. */
public final class SseException extends Exception {
    public SseException(String message) {
        super(message);
    }
}
