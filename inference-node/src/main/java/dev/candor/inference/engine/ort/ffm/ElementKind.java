package dev.candor.inference.engine.ort.ffm;

import java.util.Arrays;

/** Types of tensor elements, by their number in {@code enum ONNXTensorElementDataType}. */
public enum ElementKind {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    BFLOAT16(16, 2);

    private final int code;
    private final int bytes;

    ElementKind(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    int code() {
        return code;
    }

    /** @throws OrtCallException if tensors of this type are not supported here */
    static ElementKind of(long code) throws OrtCallException {
        return Arrays.stream(values())
                .filter(kind -> kind.code == code)
                .findFirst()
                .orElseThrow(() -> new OrtCallException(9, "tensors of element type " + code + " cannot be bound"));
    }
}
