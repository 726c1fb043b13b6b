package dev.candor.settlement.chain;

/** No usable answer came from the chain's RPC endpoint: it may be down, or the answer was malformed. Worth trying again later. */
public final class ChainUnreachableException extends ChainException {
    public ChainUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
