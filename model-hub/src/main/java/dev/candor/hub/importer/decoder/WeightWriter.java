package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.Dequantizer;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.TensorType;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes weights into the external data file in the layouts that the graph's operators want; one row or one panel of columns is in memory at a time. */
public final class WeightWriter {
    /** Weights of one quantisation block, in GGUF's legacy encodings and in ours. */
    static final int BLOCK = 32;

    private static final int PANEL_FLOATS = 4 << 20;

    private final ExternalData data;

    public WeightWriter(ExternalData data) {
        this.data = data;
    }

    /**
     * Quantised blocks of a matrix with N rows and K columns.
     *
     * @param quants one byte (8 bit, value + 128) or half a byte (4 bit, even column in the low half) a weight, row by row
     * @param scales N rows of K/32 floats
     */
    record Blocks(ExternalData.Region quants, ExternalData.Region scales) {}

    ExternalData.Region vector(float[] values) throws IOException {
        return vector(ElementType.FLOAT, values);
    }

    ExternalData.Region vector(ElementType type, float[] values) throws IOException {
        return rows(type, 1, row -> values);
    }

    /** Gives row after row of a table, in an array that may be used again. */
    interface Rows {
        float[] row(int index);
    }

    /** {@code count} rows as numbers of {@code type}. */
    ExternalData.Region rows(ElementType type, int count, Rows rows) throws IOException {
        data.begin();
        for (int i = 0; i < count; i++) {
            float[] row = rows.row(i);
            if (type == ElementType.FLOAT16) {
                data.putHalves(row, row.length);
            } else {
                data.put(row, row.length);
            }
        }
        return data.end();
    }

    /** Floats, [N, K]. */
    ExternalData.Region floats(WeightMatrix matrix) throws IOException {
        float[] values = new float[matrix.columns()];
        data.begin();
        matrix.forEachRow(row -> {
            row.decode(0, values.length, values);
            data.put(values, values.length);
        });
        return data.end();
    }

    /** Floats with rows and columns exchanged, [K, N]. */
    ExternalData.Region transposedFloats(WeightMatrix matrix) throws IOException {
        int rows = matrix.rows();
        int columns = matrix.columns();
        int width = Math.clamp(PANEL_FLOATS / rows / BLOCK * BLOCK, BLOCK, PANEL_FLOATS);
        data.begin();
        for (int from = 0; from < columns; from += width) {
            int count = Math.min(width, columns - from);
            float[][] panel = new float[count][rows];
            fill(panel, matrix, from, count);
            for (float[] column : panel) {
                data.put(column, rows);
            }
        }
        return data.end();
    }

    private static void fill(float[][] panel, WeightMatrix matrix, int from, int count) throws IOException {
        float[] values = new float[count];
        int[] at = {0};
        matrix.forEachRow(row -> {
            row.decode(from, count, values);
            for (int i = 0; i < count; i++) {
                panel[i][at[0]] = values[i];
            }
            at[0]++;
        });
    }

    /** 8-bit symmetric blocks: Q8_0 as it is, everything else rounded to the nearest of -127..127 by the block's largest magnitude. */
    Blocks eightBit(WeightMatrix matrix) throws IOException {
        int columns = matrix.columns();
        requireWholeBlocks(matrix);
        FloatList scales = new FloatList((long) matrix.rows() * columns / BLOCK, matrix.label());
        float[] values = new float[columns];
        byte[] quants = new byte[columns];
        data.begin();
        matrix.forEachRow(row -> {
            if (row.type() == TensorType.Q8_0) {
                copyQ8(row.bytes(), quants, scales);
            } else {
                row.decode(0, columns, values);
                for (int from = 0; from < columns; from += BLOCK) {
                    scales.add(quantize(values, from, quants));
                }
            }
            data.put(quants);
        });
        return new Blocks(data.end(), vector(scales.toArray()));
    }

    private static void copyQ8(MemorySegment bytes, byte[] quants, FloatList scales) {
        for (int from = 0; from < quants.length; from += BLOCK) {
            long at = TensorType.Q8_0.rowBytes(from);
            scales.add(Dequantizer.half(bytes, at));
            for (int i = 0; i < BLOCK; i++) {
                quants[from + i] = (byte) (bytes.get(ValueLayout.JAVA_BYTE, at + 2 + i) + 128);
            }
        }
    }

    private static float quantize(float[] values, int from, byte[] quants) {
        float largest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        float scale = largest == 0 ? 1e-8f : largest / 127;
        for (int i = from; i < from + BLOCK; i++) {
            quants[i] = (byte) (Math.clamp((long) Math.rint(values[i] / scale), -127, 127) + 128);
        }
        return scale;
    }

    /** The nibbles and scales of a matrix in Q4_0 or Q4_1, unchanged. */
    Blocks fourBit(WeightMatrix matrix) throws IOException {
        int columns = matrix.columns();
        TensorType type = matrix.type();
        int nibblesAt = type == TensorType.Q4_1 ? 4 : 2;
        FloatList scales = new FloatList((long) matrix.rows() * columns / BLOCK, matrix.label());
        byte[] quants = new byte[columns / 2];
        data.begin();
        matrix.forEachRow(row -> {
            for (int from = 0; from < columns; from += BLOCK) {
                long at = type.rowBytes(from);
                scales.add(Dequantizer.half(row.bytes(), at));
                for (int i = 0; i < BLOCK; i += 2) {
                    int low = Dequantizer.nibble(row.bytes(), at + nibblesAt, i);
                    int high = Dequantizer.nibble(row.bytes(), at + nibblesAt, i + 1);
                    quants[(from + i) / 2] = (byte) (low | high << 4);
                }
            }
            data.put(quants);
        });
        return new Blocks(data.end(), vector(scales.toArray()));
    }

    /**
     * What Q4_1 adds to symmetric 4-bit blocks, [K/32, N]: its weight is q·d + m = (q - 8)·d + (m + 8·d), so the second term times the block's sum of
     * inputs is missing.
     */
    ExternalData.Region offsets(WeightMatrix matrix) throws IOException {
        int blocks = matrix.columns() / BLOCK;
        data.begin();
        for (int block = 0; block < blocks; block++) {
            long at = TensorType.Q4_1.rowBytes((long) block * BLOCK);
            matrix.forEachRow(row -> data.put(Dequantizer.half(row.bytes(), at + 2) + 8 * Dequantizer.half(row.bytes(), at)));
        }
        return data.end();
    }

    private static void requireWholeBlocks(WeightMatrix matrix) throws ImportException {
        if (matrix.columns() % BLOCK != 0) {
            throw new ImportException("tensor " + matrix.label() + " has rows of " + matrix.columns() + ", quantised forms need a multiple of "
                    + BLOCK + "; use form fp32");
        }
    }

    /** Scales gathered while the quants are streamed. */
    private static final class FloatList {
        private final float[] values;
        private int size;

        FloatList(long capacity, String label) throws ImportException {
            if (capacity > 1 << 28) {
                throw new ImportException("tensor " + label + " is too large");
            }
            values = new float[(int) capacity];
        }

        void add(float value) {
            values[size++] = value;
        }

        float[] toArray() {
            return values;
        }
    }
}
