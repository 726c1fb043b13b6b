package dev.candor.attestation.digest;

/** Text that is not the one JSON document it should be; the message says what is wrong and, where known, where. */
public final class InvalidJsonException extends Exception {
    public InvalidJsonException(String message) {
        super(message);
    }
}
