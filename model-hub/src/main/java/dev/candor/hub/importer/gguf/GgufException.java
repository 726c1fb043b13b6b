package dev.candor.hub.importer.gguf;

import java.io.IOException;

/** A file is no GGUF that can be imported; the message says where and why. */
public final class GgufException extends IOException {
    public GgufException(String message) {
        super(message);
    }
}
