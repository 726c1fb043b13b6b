package dev.candor.bench.peers;

/** A peer that cannot be measured here; the message is the reason that the table shows. */
final class PeerException extends Exception {
    private static final long serialVersionUID = 1;

    PeerException(String message) {
        super(message);
    }

    PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
