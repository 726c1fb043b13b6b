package dev.candor.hub.store;

import java.io.IOException;

/** A model cannot be made available; the message says in one line per reason what went wrong and what to do. */
public final class ProvisioningException extends IOException {
    public ProvisioningException(String message) {
        super(message);
    }

    public ProvisioningException(String message, Throwable cause) {
        super(message, cause);
    }
}
