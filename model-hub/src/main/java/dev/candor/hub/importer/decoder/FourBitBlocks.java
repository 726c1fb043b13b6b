package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.BlockCodec;
import dev.candor.hub.importer.source.TensorType;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.RegionStream;
import java.io.IOException;
import java.util.Optional;

/** 4-bit blocks with whole zero points: Q4_0 as it is, everything else rounded by the scale and zero point of the least squared error. */
final class FourBitBlocks {
    private static final int BLOCK = WeightWriter.BLOCK;

    private final WeightWriter writer;
    private final ElementType scaleType;

    /** @param scaleType FLOAT or FLOAT16 */
    FourBitBlocks(WeightWriter writer, ElementType scaleType) {
        this.writer = writer;
        this.scaleType = scaleType;
    }

    QuantizedBlocks write(WeightMatrix matrix) throws IOException {
        WeightWriter.requireWholeBlocks(matrix);
        int columns = matrix.columns();
        int perRow = columns / BLOCK;
        ExternalData.Region quants = writer.reserve(ElementType.UINT8, matrix.rows(), columns / 2);
        ExternalData.Region scales = writer.reserve(scaleType, matrix.rows(), perRow);
        ExternalData.Region zeros = writer.reserve(ElementType.UINT8, matrix.rows(), Math.ceilDiv(perRow, 2));
        try (RegionStream quantStream = writer.stream(quants);
                RegionStream scaleStream = writer.stream(scales);
                RegionStream zeroStream = writer.stream(zeros)) {
            Packed row = new Packed(columns);
            matrix.forEachRow(source -> {
                if (source.type() == TensorType.Q4_0) {
                    copy(source, row);
                } else {
                    search(source, row);
                }
                quantStream.put(row.quants);
                zeroStream.put(row.zeros);
                for (float scale : row.scales) {
                    scaleStream.put(scaleType, scale);
                }
            });
        }
        return new QuantizedBlocks(4, BLOCK, quants, scales, Optional.of(zeros));
    }

    /** One row as it is stored. */
    private static final class Packed {
        private final float[] values;
        private final byte[] quants;
        private final byte[] zeros;
        private final float[] scales;

        Packed(int columns) {
            values = new float[columns];
            quants = new byte[columns / 2];
            scales = new float[columns / BLOCK];
            zeros = new byte[Math.ceilDiv(scales.length, 2)];
        }

        void set(int block, float scale, int zero, int[] weights) {
            scales[block] = scale;
            zeros[block / 2] = (byte) (block % 2 == 0 ? zero : zeros[block / 2] | zero << 4);
            for (int i = 0; i < BLOCK; i += 2) {
                quants[(block * BLOCK + i) / 2] = (byte) (weights[i] | weights[i + 1] << 4);
            }
        }
    }

    private static void copy(WeightMatrix.Row source, Packed row) {
        BlockCodec codec = BlockCodec.of(TensorType.Q4_0).orElseThrow();
        int[] weights = new int[BLOCK];
        for (int block = 0; block < row.scales.length; block++) {
            for (int i = 0; i < BLOCK; i++) {
                weights[i] = codec.quant(source.bytes(), block * BLOCK + i);
            }
            row.set(block, codec.scale(source.bytes(), block), codec.zero(), weights);
        }
    }

    private void search(WeightMatrix.Row source, Packed row) {
        source.decode(0, row.values.length, row.values);
        Optional<BlockCodec> codec = BlockCodec.of(source.type()).filter(known -> known.bits() == 4);
        FourBitSearch search = new FourBitSearch(scaleType);
        for (int block = 0; block < row.scales.length; block++) {
            search.round(row.values, block * BLOCK, codec.isPresent() ? codec.get().scale(source.bytes(), block) : 0);
            row.set(block, search.scale(), search.zero(), search.weights());
        }
    }
}
