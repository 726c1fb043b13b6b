package dev.candor.inference.engine.tensor;

/** A request does not fit the graph; the message says which tensor and why, and is fit for the caller. */
public final class TensorMismatchException extends Exception {
    private final String tensor;

    public TensorMismatchException(String message, String tensor) {
        super(message);
        this.tensor = tensor;
    }

    /** The input or output at fault. */
    public String tensor() {
        return tensor;
    }
}
