package dev.candor.settlement.chain;

/** The chain could not be asked, or refused what was asked. */
public sealed class ChainException extends Exception permits ChainUnreachableException, ChainRpcException {
    ChainException(String message, Throwable cause) {
        super(message, cause);
    }
}
