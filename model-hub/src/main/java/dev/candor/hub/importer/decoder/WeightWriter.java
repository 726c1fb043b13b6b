package dev.candor.hub.importer.decoder;

import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalData;
import dev.candor.hub.onnx.RegionStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes weights into the external data file in the layouts that the graph's operators want. In memory are one row of the matrix and, where rows and
 * columns are exchanged, a tile of at most {@value #TILE_BYTES} bytes (or of one row, if that is more).
 */
public final class WeightWriter {
    /** Weights of one quantisation block in our forms. */
    static final int BLOCK = 32;

    private static final int TILE_BYTES = 16 << 20;

    private final ExternalData data;

    public WeightWriter(ExternalData data) {
        this.data = data;
    }

    ExternalData.Region vector(ElementType type, float[] values) throws IOException {
        return rows(type, 1, values.length, row -> values);
    }

    /** Gives row after row of a table, in an array that may be used again. */
    interface Rows {
        float[] row(int index) throws IOException;
    }

    /** {@code count} rows of {@code width} as numbers of {@code type}. */
    ExternalData.Region rows(ElementType type, int count, int width, Rows rows) throws IOException {
        ExternalData.Region region = reserve(type, count, width);
        try (RegionStream stream = stream(region)) {
            for (int i = 0; i < count; i++) {
                float[] row = rows.row(i);
                for (int column = 0; column < width; column++) {
                    stream.put(type, row[column]);
                }
            }
        }
        return region;
    }

    /** Numbers of {@code type}, [N, K]. */
    ExternalData.Region matrix(ElementType type, WeightMatrix matrix) throws IOException {
        int columns = matrix.columns();
        float[] values = new float[columns];
        ExternalData.Region region = reserve(type, matrix.rows(), columns);
        try (RegionStream stream = stream(region)) {
            matrix.forEachRow(row -> {
                row.decode(0, columns, values);
                for (float value : values) {
                    stream.put(type, value);
                }
            });
        }
        return region;
    }

    /** Gives the numbers of a row of a matrix, in an array that may be used again. */
    interface RowNumbers {
        float[] of(WeightMatrix.Row row) throws IOException;
    }

    /** {@code columns} numbers of {@code type} for each row of the matrix, with rows and columns exchanged, [columns, N]. */
    ExternalData.Region transposed(ElementType type, WeightMatrix matrix, int columns, RowNumbers numbers) throws IOException {
        int rows = matrix.rows();
        ExternalData.Region region = reserve(type, rows, columns);
        Tile tile = new Tile(region, type, rows, columns);
        matrix.forEachRow(row -> tile.add(numbers.of(row)));
        tile.flush();
        return region;
    }

    /** Numbers of {@code type}, decoded, with rows and columns exchanged, [K, N]. */
    ExternalData.Region transposed(ElementType type, WeightMatrix matrix) throws IOException {
        float[] values = new float[matrix.columns()];
        return transposed(type, matrix, values.length, row -> {
            row.decode(0, values.length, values);
            return values;
        });
    }

    /** Some rows, kept column by column until they are written. */
    private final class Tile {
        private final ExternalData.Region region;
        private final ElementType type;
        private final int rows;
        private final int columns;
        private final int capacity;
        private final ByteBuffer numbers;
        private int first;
        private int count;

        Tile(ExternalData.Region region, ElementType type, int rows, int columns) {
            this.region = region;
            this.type = type;
            this.rows = rows;
            this.columns = columns;
            this.capacity = Math.clamp(TILE_BYTES / type.bytes() / columns, 1, rows);
            this.numbers = ByteBuffer.allocate(capacity * columns * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        }

        void add(float[] row) throws IOException {
            for (int column = 0; column < columns; column++) {
                int at = column * capacity + count;
                switch (type) {
                    case FLOAT -> numbers.putFloat(at * Float.BYTES, row[column]);
                    case FLOAT16 -> numbers.putShort(at * Short.BYTES, Float.floatToFloat16(row[column]));
                    default -> numbers.put(at, (byte) (int) row[column]);
                }
            }
            count++;
            if (count == capacity) {
                flush();
            }
        }

        void flush() throws IOException {
            int size = type.bytes();
            for (int column = 0; column < columns && count > 0; column++) {
                data.write(region, ((long) column * rows + first) * size, numbers.slice(column * capacity * size, count * size));
            }
            first += count;
            count = 0;
        }
    }

    /** Room for {@code rows} rows of {@code width} numbers. */
    ExternalData.Region reserve(ElementType type, int rows, int width) {
        return data.reserve(Math.multiplyExact((long) rows * width, type.bytes()));
    }

    RegionStream stream(ExternalData.Region region) {
        return data.stream(region);
    }

    static void requireWholeBlocks(WeightMatrix matrix) throws ImportException {
        if (matrix.columns() % BLOCK != 0) {
            throw new ImportException("tensor " + matrix.label() + " has rows of " + matrix.columns() + ", quantised forms need a multiple of "
                    + BLOCK + "; use form fp32");
        }
    }
}
