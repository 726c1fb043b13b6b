package dev.candor.attestation.crypto;

/** A signature is malformed, or was not made over the given digest by the given key. */
public final class InvalidSignatureException extends Exception {
    public InvalidSignatureException(String message) {
        super(message);
    }
}
