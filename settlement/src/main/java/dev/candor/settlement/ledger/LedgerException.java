package dev.candor.settlement.ledger;

/** The ledger could not be read or written; the message says what failed and what to do. */
public final class LedgerException extends RuntimeException {
    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
