package dev.candor.bench.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One connection that is kept, and hardly anything else, so that a client's own work does not pass for the server's. */
final class RawClient implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length: ";

    private final Socket socket;
    private final byte[] buffer = new byte[BUFFER];

    RawClient(URI node) throws IOException {
        socket = new Socket(node.getHost(), node.getPort());
        socket.setTcpNoDelay(true);
    }

    /** The bytes of a request for a chat. */
    static byte[] request(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /** The whole answer, head included. @throws IOException if it is no 200 */
    String exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        Answer answer = new Answer();
        long end = -1;
        boolean chunked = false;
        while (chunked ? !answer.endsWithLastChunk() : end < 0 || answer.size() < end) {
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("the node gave the connection up");
            }
            answer.write(buffer, 0, count);
            if (!chunked && end < 0) {
                String text = answer.toString(StandardCharsets.ISO_8859_1);
                int head = text.indexOf("\r\n\r\n");
                chunked = head > 0 && text.lastIndexOf("transfer-encoding: chunked", head) > 0;
                end = head > 0 && !chunked ? head + 4 + length(text) : -1;
            }
        }
        String text = answer.toString(StandardCharsets.UTF_8);
        if (!text.startsWith("HTTP/1.1 200 ")) {
            throw new IOException(text.replaceFirst("(?s)\r\n.*\r\n\r\n", ": "));
        }
        return text;
    }

    private static int length(String head) throws IOException {
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("the answer does not say how long it is: " + head);
        }
        return Integer.parseInt(head.substring(at + LENGTH.length(), head.indexOf('\r', at)));
    }

    private static final class Answer extends ByteArrayOutputStream {
        Answer() {
            super(BUFFER);
        }

        boolean endsWithLastChunk() {
            return count >= LAST_CHUNK.length && Arrays.equals(buf, count - LAST_CHUNK.length, count, LAST_CHUNK, 0, LAST_CHUNK.length);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
