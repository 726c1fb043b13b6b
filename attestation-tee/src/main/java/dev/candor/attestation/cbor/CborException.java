package dev.candor.attestation.cbor;

/** Bytes that are not one deterministically encoded CBOR item; the message says what is wrong and at which offset. */
public final class CborException extends Exception {
    public CborException(String message) {
        super(message);
    }
}
