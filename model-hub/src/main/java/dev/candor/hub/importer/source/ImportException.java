package dev.candor.hub.importer.source;

import java.io.IOException;

/** A model cannot be converted; the message names the tensor, the metadata key or the form, and what would do instead. */
public final class ImportException extends IOException {
    public ImportException(String message) {
        super(message);
    }
}
