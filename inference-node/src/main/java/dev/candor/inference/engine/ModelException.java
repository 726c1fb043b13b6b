package dev.candor.inference.engine;

/** A model could not be loaded, or a run of it failed; the message says which and why, and holds no prompt text. */
public final class ModelException extends Exception {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
