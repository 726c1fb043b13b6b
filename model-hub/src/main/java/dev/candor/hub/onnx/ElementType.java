package dev.candor.hub.onnx;

import java.util.Optional;

/** Element types of tensors, with the numbers of {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    UINT16(4, 16),
    INT16(5, 16),
    INT32(6, 32),
    INT64(7, 64),
    STRING(8, 0),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    UINT32(12, 32),
    UINT64(13, 64),
    COMPLEX64(14, 64),
    COMPLEX128(15, 128),
    BFLOAT16(16, 16),
    FLOAT8E4M3FN(17, 8),
    FLOAT8E4M3FNUZ(18, 8),
    FLOAT8E5M2(19, 8),
    FLOAT8E5M2FNUZ(20, 8),
    UINT4(21, 4),
    INT4(22, 4),
    FLOAT4E2M1(23, 4),
    FLOAT8E8M0(24, 8),
    UINT2(25, 2),
    INT2(26, 2);

    private final int code;
    private final int bits;

    ElementType(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    int code() {
        return code;
    }

    /** The type with ONNX's number {@code code}. */
    static Optional<ElementType> of(long code) {
        for (ElementType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Bits of one element; 0 for strings, which have none of their own. */
    public int bits() {
        return bits;
    }

    /** Bytes of one element. @throws IllegalStateException for strings and for types of less than a byte */
    public int bytes() {
        if (bits < Byte.SIZE) {
            throw new IllegalStateException(this + " has no whole number of bytes for each element");
        }
        return bits / Byte.SIZE;
    }

    /** Bytes that {@code elements} elements take when packed; 0 for strings. @throws ArithmeticException past 64 bits */
    public long bytes(long elements) {
        return Math.ceilDiv(Math.multiplyExact(elements, bits), Byte.SIZE);
    }
}
