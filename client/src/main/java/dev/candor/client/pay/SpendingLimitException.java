package dev.candor.client.pay;

/** A payment was not signed because it would pass a limit the payer set. */
public final class SpendingLimitException extends Exception {
    public SpendingLimitException(String message) {
        super(message);
    }
}
