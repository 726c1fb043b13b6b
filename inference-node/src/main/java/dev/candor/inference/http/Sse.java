package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes one event stream (WHATWG HTML, section 9.2). Bytes leave at once; when a client leaves more than the bound unread, it
 * counts as gone, and what follows is only kept. Calls come one after another, from any thread.
 */
final class Sse {
    static final Map<String, String> HEADERS =
            Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache", "x-accel-buffering", "no");

    private final Exchange exchange;
    private final long maxBacklog;
    private final Runnable onGone;
    private final MessageDigest sha = Digest.newSha256();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final AtomicLong backlog = new AtomicLong();
    private boolean holding;
    private int sent;
    private volatile boolean gone;

    /** @param onGone called once or more when nobody reads any more */
    Sse(Exchange exchange, long maxBacklog, Runnable onGone) {
        this.exchange = exchange;
        this.maxBacklog = maxBacklog;
        this.onGone = onGone;
    }

    /** Sends the head of the answer. */
    void open(Map<String, String> headers) {
        exchange.eventLoop().runOnContext(ignored -> {
            HttpServerResponse response = exchange.response();
            if (!response.closed()) {
                headers.forEach(response::putHeader);
                response.setChunked(true).writeHead();
            }
        });
    }

    /** Writes an event's data, which has no line break. */
    void data(byte[] json) {
        frame("data: ", json);
    }

    /** Writes a comment line, which clients ignore. */
    void comment(String text) {
        frame(": ", text.getBytes(StandardCharsets.UTF_8));
    }

    void event(String name, byte[] json) {
        frame("event: " + name + "\ndata: ", json);
    }

    /** Keeps what is written from now on back. */
    synchronized void hold() {
        holding = true;
    }

    /** Sends what was kept back. */
    synchronized void release() {
        holding = false;
        flush();
    }

    /** Forgets what was kept back. */
    synchronized void discard() {
        holding = false;
        byte[] before = Arrays.copyOf(kept.toByteArray(), sent);
        kept.reset();
        kept.writeBytes(before);
    }

    void end() {
        exchange.eventLoop().runOnContext(ignored -> {
            HttpServerResponse response = exchange.response();
            if (!response.closed() && !response.ended()) {
                response.end();
            }
        });
    }

    /** SHA-256 of all bytes so far. */
    synchronized Digest digest() {
        try {
            return Digest.of(((MessageDigest) sha.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform can copy a SHA-256 computation", e);
        }
    }

    /** All bytes so far, those that nobody read included. */
    synchronized byte[] bytes() {
        return kept.toByteArray();
    }

    private synchronized void frame(String field, byte[] value) {
        byte[] head = field.getBytes(StandardCharsets.UTF_8);
        byte[] frame = Arrays.copyOf(head, head.length + value.length + 2);
        System.arraycopy(value, 0, frame, head.length, value.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        sha.update(frame);
        kept.writeBytes(frame);
        if (!holding) {
            send(frame);
        }
    }

    private void flush() {
        byte[] all = kept.toByteArray();
        send(Arrays.copyOfRange(all, sent, all.length));
    }

    private void send(byte[] bytes) {
        sent += bytes.length;
        if (gone) {
            return;
        }
        if (backlog.addAndGet(bytes.length) > maxBacklog) {
            gone = true;
            onGone.run();
            exchange.eventLoop().runOnContext(ignored -> exchange.response().reset());
            return;
        }
        exchange.eventLoop().runOnContext(ignored -> {
            if (!gone && !exchange.response().closed()) {
                exchange.response().write(Buffer.buffer(bytes)).onComplete(done -> backlog.addAndGet(-bytes.length));
            }
        });
    }
}
