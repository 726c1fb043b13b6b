package dev.candor.inference.replay;

/** It cannot be told here whether an answer is what the model computes; the message says why. */
final class NotReplayableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotReplayableException(String message) {
        super(message);
    }
}
