package dev.candor.inference.engine.tensor;

import java.util.Optional;

/** Element types of tensors, by the names of the Open Inference Protocol. */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    /** Strings of bytes of any length; models take and give UTF-8. */
    BYTES(0);

    private final int width;

    Datatype(int width) {
        this.width = width;
    }

    /** Bytes of one element; 0 for {@link #BYTES}. */
    public int width() {
        return width;
    }

    public boolean real() {
        return this == FP16 || this == BF16 || this == FP32 || this == FP64;
    }

    public static Optional<Datatype> of(String name) {
        for (Datatype type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
