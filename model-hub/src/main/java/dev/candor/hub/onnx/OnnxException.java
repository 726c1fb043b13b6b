package dev.candor.hub.onnx;

import java.io.IOException;

/** A file is no ONNX model that can be read or served; the message says what is wrong with which part of it. */
public final class OnnxException extends IOException {
    public OnnxException(String message) {
        super(message);
    }

    public OnnxException(String message, Throwable cause) {
        super(message, cause);
    }
}
