package dev.candor.hub.importer;

import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.Role;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.importer.source.WeightSource;
import java.util.function.LongConsumer;

/** Tells of every tensor that is handed out how many bytes have been in all. */
record ReportingSource(WeightSource source, LongConsumer progress) implements WeightSource {
    @Override
    public boolean has(Role role, int layer) {
        return source.has(role, layer);
    }

    @Override
    public WeightMatrix.Part matrix(Role role, int layer, int rows, int columns) throws ImportException {
        WeightMatrix.Part part = source.matrix(role, layer, rows, columns);
        progress.accept(source.takenBytes());
        return part;
    }

    @Override
    public float[] vector(Role role, int layer, int length) throws ImportException {
        float[] values = source.vector(role, layer, length);
        progress.accept(source.takenBytes());
        return values;
    }

    @Override
    public long takenBytes() {
        return source.takenBytes();
    }

    @Override
    public long bytes() {
        return source.bytes();
    }

    @Override
    public void requireAllTaken() throws ImportException {
        source.requireAllTaken();
    }
}
