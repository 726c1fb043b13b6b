package dev.candor.hub.manifest;

import java.io.IOException;

/** A model's folder does not hold what its manifest says, or the manifest or configuration cannot be read; the message names the file. */
public final class ManifestException extends IOException {
    public ManifestException(String message) {
        super(message);
    }

    public ManifestException(String message, Throwable cause) {
        super(message, cause);
    }
}
