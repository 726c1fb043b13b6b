package dev.candor.settlement.chain;

/** The chain could not be set up; the message is one line for people and says what to do. */
public final class ChainSetupException extends Exception {
    public ChainSetupException(String message) {
        super(message);
    }

    public ChainSetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
