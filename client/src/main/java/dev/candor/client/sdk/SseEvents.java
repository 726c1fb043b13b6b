package dev.candor.client.sdk;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a Server-Sent Events stream (WHATWG HTML, section 9.2) into its blocks as bytes arrive, without changing a byte, and
 * keeps the whole. Not thread-safe.
 */
public final class SseEvents {
    private final int maxBytes;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private boolean atLineStart = true;

    SseEvents(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes bytes in and gives the blocks they complete, each with its closing blank line.
     *
     * @throws NodeException if the stream is longer than its bound
     */
    List<byte[]> feed(byte[] bytes, int length) throws NodeException {
        if (whole.size() + length > maxBytes) {
            throw new NodeException("the node's stream is longer than " + maxBytes + " bytes; ask for fewer tokens");
        }
        whole.write(bytes, 0, length);
        List<byte[]> blocks = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            open.write(bytes[i]);
            if (bytes[i] == '\n') {
                if (atLineStart) {
                    blocks.add(open.toByteArray());
                    open.reset();
                }
                atLineStart = true;
            } else if (bytes[i] != '\r') {
                atLineStart = false;
            }
        }
        return blocks;
    }

    /** Bytes after the last whole block. */
    byte[] rest() {
        return open.toByteArray();
    }

    /** Every byte of the stream so far. */
    byte[] whole() {
        return whole.toByteArray();
    }

    /** The bytes of a whole stream before its receipt and {@code [DONE]}: what its receipt covers. */
    public static byte[] covered(byte[] stream) throws NodeException {
        int length = 0;
        for (byte[] block : new SseEvents(stream.length).feed(stream, stream.length)) {
            if (isDone(block) || isCandorPart(block)) {
                return Arrays.copyOf(stream, length);
            }
            length += block.length;
        }
        return stream;
    }

    static boolean isDone(byte[] block) {
        return SseData.of(block).equals("[DONE]");
    }

    static boolean isCandorPart(byte[] block) {
        byte[] comment = ": candor-".getBytes(StandardCharsets.US_ASCII);
        byte[] event = "event: candor.".getBytes(StandardCharsets.US_ASCII);
        return startsWith(block, comment) || startsWith(block, event);
    }

    private static boolean startsWith(byte[] block, byte[] prefix) {
        return block.length >= prefix.length && Arrays.equals(block, 0, prefix.length, prefix, 0, prefix.length);
    }
}
