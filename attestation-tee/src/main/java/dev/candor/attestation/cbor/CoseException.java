package dev.candor.attestation.cbor;

/** Bytes that are not a COSE_Sign1 message; the message says why. */
public final class CoseException extends Exception {
    public CoseException(String message) {
        super(message);
    }
}
