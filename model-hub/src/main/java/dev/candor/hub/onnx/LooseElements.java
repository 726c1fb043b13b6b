package dev.candor.hub.onnx;

import java.io.ByteArrayOutputStream;

/**
 * Elements written as numbers rather than raw bytes: {@code float_data}, {@code int32_data}, {@code int64_data}, {@code double_data} or
 * {@code uint64_data}. Narrow types come as int32, half precision as its bit pattern, and those of less than a byte already packed.
 */
final class LooseElements {
    private static final int FLOATS = 4;
    private static final int INT32S = 5;
    private static final int DOUBLES = 10;

    private final ReadBudget budget;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    LooseElements(ReadBudget budget) {
        this.budget = budget;
    }

    /** @param type the tensor's, which must come before its elements; null where it has not */
    void add(ProtoInput in, int field, ElementType type) throws OnnxException {
        if (type == null) {
            throw in.damaged("has elements before their type");
        }
        int width = Math.max(1, type.bits() / Byte.SIZE);
        if (type == ElementType.COMPLEX64 || type == ElementType.COMPLEX128) {
            width /= 2;
        }
        if (!in.packed()) {
            put(field == FLOATS ? Float.floatToRawIntBits(in.real()) : in.whole(), width);
            return;
        }
        ProtoInput block = in.message("the elements of a tensor");
        while (block.more()) {
            put(switch (field) {
                case FLOATS -> block.rawFixed32();
                case DOUBLES -> block.rawFixed64();
                default -> block.rawVarint();
            }, field == FLOATS ? Float.BYTES : field == INT32S ? Math.min(width, Integer.BYTES) : width);
        }
    }

    byte[] packed() {
        return bytes.toByteArray();
    }

    private void put(long value, int width) throws OnnxException {
        budget.loose(1);
        for (int i = 0; i < width; i++) {
            bytes.write((int) (value >>> Byte.SIZE * i));
        }
    }
}
