package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.BlockCodec;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.RegionStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The whole numbers and scales of quantised matrices as they are, in symmetric blocks of 4 or 8 bits. */
final class ExactBlocks {
    private final WeightWriter writer;

    ExactBlocks(WeightWriter writer) {
        this.writer = writer;
    }

    /** A matrix of {@code codec}, all parts in its encoding: quants of at most 4 bits stay 4 bits, others become 8. */
    QuantizedBlocks write(WeightMatrix matrix, BlockCodec codec) throws IOException {
        WeightWriter.requireWholeBlocks(matrix);
        int columns = matrix.columns();
        int bits = codec.bits() == 4 ? 4 : 8;
        int groups = columns / codec.group();
        ExternalData.Region quants = writer.reserve(ElementType.UINT8, matrix.rows(), columns * bits / 8);
        ExternalData.Region scales = writer.reserve(ElementType.FLOAT, matrix.rows(), groups);
        byte[] row = new byte[columns * bits / 8];
        try (RegionStream quantStream = writer.stream(quants);
                RegionStream scaleStream = writer.stream(scales)) {
            matrix.forEachRow(source -> {
                MemorySegment bytes = source.bytes();
                for (int group = 0; group < groups; group++) {
                    scaleStream.put(ElementType.FLOAT, codec.scale(bytes, group));
                }
                pack(codec, bytes, row, columns);
                quantStream.put(row);
            });
        }
        return new QuantizedBlocks(bits, codec.group(), quants, scales, Optional.empty());
    }

    private static void pack(BlockCodec codec, MemorySegment bytes, byte[] row, int columns) {
        if (codec.bits() == 4) {
            for (int column = 0; column < columns; column += 2) {
                row[column / 2] = (byte) (codec.quant(bytes, column) | codec.quant(bytes, column + 1) << 4);
            }
            return;
        }
        for (int column = 0; column < columns; column++) {
            row[column] = (byte) (codec.quant(bytes, column) + 128 - middle(codec));
        }
    }

    /**
     * What minimums add to the symmetric blocks, [K/32, N]: a weight is q·d + m = (q - z)·d + (m + z·d) with z the middle of the quants, so the second
     * term times the block's sum of inputs is missing.
     */
    ExternalData.Region offsets(WeightMatrix matrix, BlockCodec codec) throws IOException {
        int groups = matrix.columns() / codec.group();
        float[] offsets = new float[groups];
        return writer.transposed(ElementType.FLOAT, matrix, groups, row -> {
            MemorySegment bytes = row.bytes();
            for (int group = 0; group < groups; group++) {
                offsets[group] = codec.minimum(bytes, group) + middle(codec) * codec.scale(bytes, group);
            }
            return offsets;
        });
    }

    /** The quant that symmetric blocks take for 0. */
    private static int middle(BlockCodec codec) {
        return switch (codec.bits()) {
            case 4 -> 8;
            case 5 -> 16;
            default -> 0;
        };
    }
}
