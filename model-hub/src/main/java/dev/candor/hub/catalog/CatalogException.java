package dev.candor.hub.catalog;

import java.io.IOException;

/** A model catalog cannot be read; the message names the entry and the member. */
public final class CatalogException extends IOException {
    public CatalogException(String message, Throwable cause) {
        super(message, cause);
    }
}
