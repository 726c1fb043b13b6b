package dev.candor.inference.engine;

/** The engine's queue is full, or it is closing. */
public final class EngineOverloadedException extends Exception {
    public EngineOverloadedException(String message) {
        super(message);
    }
}
