package dev.candor.inference.engine.ort.ffm;

/** ONNX Runtime refused a call. */
public final class OrtCallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    OrtCallException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** Of {@code enum OrtErrorCode}: 1 failure, 2 invalid argument, 3 no such file, 6 runtime exception, 7 invalid protobuf; the header has the rest. */
    public int code() {
        return code;
    }
}
