package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.Dequantizer;
import dev.candor.hub.importer.source.TensorType;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.RegionStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** 8-bit symmetric blocks: Q8_0 as it is, everything else rounded to the nearest of -127..127 by the block's largest magnitude. */
final class EightBitBlocks {
    private static final int BLOCK = WeightWriter.BLOCK;

    private final WeightWriter writer;
    private final ElementType scaleType;

    /** @param scaleType FLOAT or FLOAT16 */
    EightBitBlocks(WeightWriter writer, ElementType scaleType) {
        this.writer = writer;
        this.scaleType = scaleType;
    }

    QuantizedBlocks write(WeightMatrix matrix) throws IOException {
        WeightWriter.requireWholeBlocks(matrix);
        int columns = matrix.columns();
        ExternalData.Region quants = writer.reserve(ElementType.UINT8, matrix.rows(), columns);
        ExternalData.Region scales = writer.reserve(scaleType, matrix.rows(), columns / BLOCK);
        float[] values = new float[columns];
        byte[] row = new byte[columns];
        try (RegionStream quantStream = writer.stream(quants);
                RegionStream scaleStream = writer.stream(scales)) {
            matrix.forEachRow(source -> {
                if (source.type() == TensorType.Q8_0) {
                    copy(source.bytes(), row, scaleStream);
                } else {
                    source.decode(0, columns, values);
                    for (int from = 0; from < columns; from += BLOCK) {
                        scaleStream.put(scaleType, quantize(values, from, row));
                    }
                }
                quantStream.put(row);
            });
        }
        return new QuantizedBlocks(8, BLOCK, quants, scales, Optional.empty());
    }

    private void copy(MemorySegment bytes, byte[] row, RegionStream scales) throws IOException {
        for (int from = 0; from < row.length; from += BLOCK) {
            long at = TensorType.Q8_0.rowBytes(from);
            scales.put(scaleType, Dequantizer.half(bytes, at));
            for (int i = 0; i < BLOCK; i++) {
                row[from + i] = (byte) (bytes.get(ValueLayout.JAVA_BYTE, at + 2 + i) + 128);
            }
        }
    }

    private float quantize(float[] values, int from, byte[] row) {
        float largest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        float scale = scale(largest);
        for (int i = from; i < from + BLOCK; i++) {
            row[i] = (byte) (Math.clamp((long) Math.rint(values[i] / scale), -127, 127) + 128);
        }
        return scale;
    }

    /** The scale as it will be stored, so that quants are rounded by what they will be multiplied by. */
    private float scale(float largest) {
        if (scaleType == ElementType.FLOAT16) {
            float half = Float.float16ToFloat(Float.floatToFloat16(largest / 127));
            return half == 0 ? Float.float16ToFloat((short) 1) : half;
        }
        return largest == 0 ? 1e-8f : largest / 127;
    }
}
