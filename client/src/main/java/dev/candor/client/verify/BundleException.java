package dev.candor.client.verify;

/** A saved receipt could not be read or written; the message says what is wrong and what to do. */
public final class BundleException extends Exception {
    public BundleException(String message) {
        super(message);
    }

    public BundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
