package dev.candor.hub.onnx;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The one file beside a graph that holds its weights (ONNX external data): tensors one after the other, little-endian, each at a multiple of 4096
 * bytes so that it can be mapped, the gaps zero. Room is reserved first and filled afterwards, in any order; nothing is held in memory.
 */
public final class ExternalData implements Closeable {
    private static final int ALIGNMENT = 4096;

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
    private long reserved;

    /** Creates {@code file}, which must not exist. */
    public ExternalData(Path file) throws IOException {
        this.location = file.getFileName().toString();
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Makes room for a tensor of {@code length} bytes, all of which are to be filled by {@link #write} or a {@link #stream}. */
    public Region reserve(long length) {
        long offset = Math.ceilDiv(reserved, ALIGNMENT) * ALIGNMENT;
        reserved = Math.addExact(offset, length);
        return new Region(location, offset, length);
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

    /** Forces what was written to the device and closes the file. */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }
}
