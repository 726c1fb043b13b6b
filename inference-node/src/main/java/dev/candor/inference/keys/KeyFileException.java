package dev.candor.inference.keys;

/** A key file is damaged, or a change of it makes no sense; the message says what to do. */
public final class KeyFileException extends Exception {
    public KeyFileException(String message) {
        super(message);
    }
}
