package dev.candor.inference.engine.tensor;

/** A run was ended before it was done. */
public final class TensorStoppedException extends Exception {
    /** What ended it. */
    public enum Reason {
        DEADLINE,
        CANCELLED,
        CLOSED
    }

    private final Reason reason;

    public TensorStoppedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
