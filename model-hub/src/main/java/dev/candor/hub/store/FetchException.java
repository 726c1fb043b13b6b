package dev.candor.hub.store;

import java.io.IOException;

/** A source did not give a model's file; the message says why and what to do, in one line. */
final class FetchException extends IOException {
    FetchException(String message) {
        super(message);
    }

    FetchException(String message, Throwable cause) {
        super(message, cause);
    }
}
