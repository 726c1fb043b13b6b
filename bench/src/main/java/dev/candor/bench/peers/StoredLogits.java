package dev.candor.bench.peers;

import dev.candor.hub.quality.QualityReport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Logits in a file, float32 and little-endian, a row a token, read window after window. */
final class StoredLogits implements QualityReport.Logits, AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment values;
    private final long rowBytes;
    private long next;

    /** @throws IOException if the file does not hold {@code rows} rows of {@code width} */
    StoredLogits(Path file, int rows, int width) throws IOException {
        rowBytes = (long) width * Float.BYTES;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != rows * rowBytes) {
                throw new IOException(file + " has " + channel.size() + " bytes instead of " + rows * rowBytes);
            }
            values = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    @Override
    public float[] rows(int[] tokens) {
        float[] rows = values.asSlice(next, tokens.length * rowBytes).toArray(FLOAT);
        next += tokens.length * rowBytes;
        return rows;
    }

    @Override
    public void close() {
        arena.close();
    }
}
