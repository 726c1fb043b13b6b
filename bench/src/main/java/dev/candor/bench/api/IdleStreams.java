package dev.candor.bench.api;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What streams cost that have begun and have nothing to say. */
final class IdleStreams {
    private static final int COLLECTIONS = 4;
    private static final int BUFFER = 4096;

    private final URI node;
    private final byte[] request;

    IdleStreams(URI node, byte[] request) {
        this.node = node;
        this.request = request;
    }

    /**
     * Memory of this process.
     *
     * @param heap     bytes that objects take after a collection
     * @param resident bytes of the whole process in main memory; -1 where the system does not tell
     */
    record Memory(long heap, long resident) {
        static Memory now() throws InterruptedException {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(200);
            }
            return new Memory(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), residentBytes());
        }

        private static long residentBytes() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElse(-1);
            } catch (IOException e) {
                return -1;
            }
        }
    }

    /** @param streams that were open between the first two */
    record Result(int streams, Memory before, Memory open, Memory after) {
        double heapPerStream() {
            return (double) (open.heap() - before.heap()) / streams;
        }

        double residentPerStream() {
            return (double) (open.resident() - before.resident()) / streams;
        }
    }

    Result measure(int streams) throws IOException, InterruptedException {
        List<SocketChannel> open = new ArrayList<>();
        Memory before = Memory.now();
        Memory during;
        try {
            for (int i = 0; i < streams; i++) {
                open.add(begin());
            }
            during = Memory.now();
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
        }
        open.clear();
        return new Result(streams, before, during, Memory.now());
    }

    /** A stream whose first event has come. */
    private SocketChannel begin() throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(node.getHost(), node.getPort()));
        channel.write(ByteBuffer.wrap(request));
        ByteBuffer read = ByteBuffer.allocate(BUFFER);
        while (!StandardCharsets.US_ASCII.decode(read.duplicate().flip()).toString().contains("Wait")) {
            if (channel.read(read) < 0 || !read.hasRemaining()) {
                throw new IOException("no stream began: " + StandardCharsets.US_ASCII.decode(read.flip()));
            }
        }
        return channel;
    }
}
