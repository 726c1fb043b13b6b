package dev.candor.hub.importer.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The whole numbers, scales and minimums inside ggml's quantised rows: weight = scale·(quant - zero) + minimum, with one scale and one minimum for each
 * group of columns.
 */
public interface BlockCodec {
    /** Bits of a quant: 4, 5, 6 or 8. */
    int bits();

    /** Columns of a group: 32 or 16. */
    int group();

    /** The quant that stands for the minimum; 8-bit quants are signed and have 0. */
    int zero();

    /** Whether there are minimums. */
    boolean hasMinimum();

    float scale(MemorySegment row, int group);

    float minimum(MemorySegment row, int group);

    int quant(MemorySegment row, int column);

    /** The codec of {@code type}, none for floats. */
    static Optional<BlockCodec> of(TensorType type) {
        return switch (type) {
            case F32, F16, BF16 -> Optional.empty();
            case Q4_0 -> Optional.of(new Legacy(type, 4, 8, false));
            case Q4_1 -> Optional.of(new Legacy(type, 4, 0, true));
            case Q5_0 -> Optional.of(new Legacy(type, 5, 16, false));
            case Q5_1 -> Optional.of(new Legacy(type, 5, 0, true));
            case Q8_0 -> Optional.of(new Legacy(type, 8, 0, false));
            case Q4_K -> Optional.of(new Grouped(type, 4));
            case Q5_K -> Optional.of(new Grouped(type, 5));
            case Q6_K -> Optional.of(new SixBit());
        };
    }

    /** Blocks of 32 with scales of their own. */
    record Legacy(TensorType type, int bits, int zero, boolean hasMinimum) implements BlockCodec {
        @Override
        public int group() {
            return 32;
        }

        @Override
        public float scale(MemorySegment row, int group) {
            return Dequantizer.half(row, (long) group * type.blockBytes());
        }

        @Override
        public float minimum(MemorySegment row, int group) {
            return hasMinimum ? Dequantizer.half(row, (long) group * type.blockBytes() + 2) : 0;
        }

        @Override
        public int quant(MemorySegment row, int column) {
            long at = (long) (column / 32) * type.blockBytes() + (hasMinimum ? 4 : 2);
            return switch (bits) {
                case 4 -> Dequantizer.nibble(row, at, column % 32);
                case 5 -> Dequantizer.fiveBits(row, at, column % 32);
                default -> row.get(ValueLayout.JAVA_BYTE, at + column % 32);
            };
        }
    }

    /** Q4_K and Q5_K. */
    record Grouped(TensorType type, int bits) implements BlockCodec {
        @Override
        public int group() {
            return 32;
        }

        @Override
        public int zero() {
            return 0;
        }

        @Override
        public boolean hasMinimum() {
            return true;
        }

        @Override
        public float scale(MemorySegment row, int group) {
            return block(row, group / 8).scale(group % 8);
        }

        @Override
        public float minimum(MemorySegment row, int group) {
            return -block(row, group / 8).minimum(group % 8);
        }

        @Override
        public int quant(MemorySegment row, int column) {
            return block(row, column / 256).quant(column % 256);
        }

        private KBlock block(MemorySegment row, int index) {
            return KBlock.of(type, row, (long) index * type.blockBytes());
        }
    }

    /** Q6_K. */
    record SixBit() implements BlockCodec {
        @Override
        public int bits() {
            return 6;
        }

        @Override
        public int group() {
            return 16;
        }

        @Override
        public int zero() {
            return 0;
        }

        @Override
        public boolean hasMinimum() {
            return false;
        }

        @Override
        public float scale(MemorySegment row, int group) {
            return Dequantizer.sixBitScale(row, (long) (group / 16) * TensorType.Q6_K.blockBytes(), group % 16);
        }

        @Override
        public float minimum(MemorySegment row, int group) {
            return 0;
        }

        @Override
        public int quant(MemorySegment row, int column) {
            return Dequantizer.sixBits(row, (long) (column / 256) * TensorType.Q6_K.blockBytes(), column % 256);
        }
    }
}
