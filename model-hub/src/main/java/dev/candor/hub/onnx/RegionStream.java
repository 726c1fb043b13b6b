package dev.candor.hub.onnx;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Fills a region of {@link ExternalData} from its start to its end, little-endian; several may be filled at once. */
public final class RegionStream implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ExternalData data;
    private final ExternalData.Region region;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    RegionStream(ExternalData data, ExternalData.Region region) {
        this.data = data;
        this.region = region;
    }

    public void put(byte[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            int length = Math.min(values.length - at, room(1).remaining());
            buffer.put(values, at, length);
            at += length;
        }
    }

    /** A number as {@code type}: FLOAT, FLOAT16, UINT8 or INT8. */
    public void put(ElementType type, float value) throws IOException {
        switch (type) {
            case FLOAT -> room(Float.BYTES).putFloat(value);
            case FLOAT16 -> room(Short.BYTES).putShort(Float.floatToFloat16(value));
            case UINT8, INT8 -> room(1).put((byte) (int) value);
            default -> throw new IllegalArgumentException("no numbers are written as " + type);
        }
    }

    /** Writes out what is buffered. @throws IOException if the region is not full */
    @Override
    public void close() throws IOException {
        flush();
        if (flushed != region.length()) {
            throw new IOException("a tensor of " + region.length() + " bytes got " + flushed);
        }
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        data.write(region, flushed, buffer);
        flushed += length;
        buffer.clear();
    }
}
