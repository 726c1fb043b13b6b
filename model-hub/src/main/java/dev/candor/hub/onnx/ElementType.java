package dev.candor.hub.onnx;

/** Element types of tensors, with the numbers of {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT32(6, 4),
    INT64(7, 8);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    int code() {
        return code;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
