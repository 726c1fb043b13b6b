package dev.candor.hub.onnx;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The one file beside a graph that holds its weights (ONNX external data): tensors one after the other, little-endian, each at a multiple of 4096
 * bytes so that it can be mapped, the gaps zero. Nothing but one buffer is held in memory.
 */
public final class ExternalData implements Closeable {
    private static final int ALIGNMENT = 4096;
    private static final int BUFFER_BYTES = 1 << 20;

    /**
     * Where a tensor's bytes lie.
     *
     * @param location file name, relative to the graph's folder
     * @param offset   bytes from the file's start
     * @param length   bytes
     */
    public record Region(String location, long offset, long length) {}

    private final String location;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long written;
    private long regionStart = -1;

    /** Creates {@code file}, which must not exist. */
    public ExternalData(Path file) throws IOException {
        this.location = file.getFileName().toString();
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Starts a tensor; its bytes follow by {@code put}. */
    public void begin() throws IOException {
        if (regionStart >= 0) {
            throw new IllegalStateException("the tensor before was not ended");
        }
        while (written % ALIGNMENT != 0) {
            put((byte) 0);
        }
        regionStart = written;
    }

    /** Makes room for a tensor of {@code length} bytes, to be filled in any order by {@link #write} or a {@link #stream}. */
    public Region reserve(long length) throws IOException {
        begin();
        flush();
        written += length;
        channel.position(written);
        return end();
    }

    /** Writes {@code bytes} at {@code offset} of a reserved region. @throws IndexOutOfBoundsException if they reach beyond it */
    public void write(Region region, long offset, ByteBuffer bytes) throws IOException {
        if (offset < 0 || offset + bytes.remaining() > region.length()) {
            throw new IndexOutOfBoundsException("bytes " + offset + " to " + (offset + bytes.remaining()) + " of a tensor of " + region.length());
        }
        long at = region.offset() + offset;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Fills a reserved region from its start. */
    public RegionStream stream(Region region) {
        return new RegionStream(this, region);
    }

    /** Ends the tensor begun last. */
    public Region end() {
        Region region = new Region(location, regionStart, written - regionStart);
        regionStart = -1;
        return region;
    }

    public void put(byte value) throws IOException {
        room(1).put(value);
        written++;
    }

    public void put(byte[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            int length = Math.min(values.length - at, room(1).remaining());
            buffer.put(values, at, length);
            written += length;
            at += length;
        }
    }

    public void put(float value) throws IOException {
        room(Float.BYTES).putFloat(value);
        written += Float.BYTES;
    }

    /** The first {@code count} of {@code values}. */
    public void put(float[] values, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            put(values[i]);
        }
    }

    /** Writes out what is buffered, forces it to the device and closes the file. */
    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
            channel.force(true);
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
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
