package dev.candor.attestation.receipt;

/** A receipt is malformed, or does not say what it is held against; the message shows both values. */
public final class ReceiptVerificationException extends Exception {
    public ReceiptVerificationException(String message) {
        super(message);
    }

    public ReceiptVerificationException(String message, Throwable cause) {
        super(message, cause);
    }

    /** {@code what: the receipt says <said>, <found>}. */
    static ReceiptVerificationException differs(String what, Object said, String source, Object found) {
        return new ReceiptVerificationException(what + ": the receipt says " + said + ", " + source + " " + found);
    }
}
