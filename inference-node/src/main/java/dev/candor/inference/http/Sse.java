package dev.candor.inference.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final long maxBacklog;
    private final Runnable onGone;
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
        byte[] frame = Arrays.copyOf(DATA, DATA.length + json.length + 2);
        System.arraycopy(json, 0, frame, DATA.length, json.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        raw(frame);
    }

    /** Writes an event as {@link #frame} makes it. */
    void event(String type, byte[] json) {
        raw(frame(type, json));
    }

    /** An event of a type, which must be plain, and its data, which has no line break. */
    static byte[] frame(String type, byte[] json) {
        byte[] line = ("event: " + type + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = Arrays.copyOf(line, line.length + DATA.length + json.length + 2);
        System.arraycopy(DATA, 0, frame, line.length, DATA.length);
        System.arraycopy(json, 0, frame, line.length + DATA.length, json.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }

    /** Writes whole lines as they are. */
    synchronized void raw(byte[] frame) {
        kept.writeBytes(frame);
        if (!holding) {
            send(frame);
        }
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

    /** All bytes so far, those that nobody read included. */
    synchronized byte[] bytes() {
        return kept.toByteArray();
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
