package dev.candor.settlement.anchor;

/** The chain does not show the anchor that was claimed; the message says what it shows instead. */
public final class AnchorMismatchException extends Exception {
    public AnchorMismatchException(String message) {
        super(message);
    }
}
