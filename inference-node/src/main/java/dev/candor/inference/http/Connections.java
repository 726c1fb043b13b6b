package dev.candor.inference.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many connections there are, and how long one may take to send its first request's headers. */
final class Connections {
    private final Vertx vertx;
    private final int limit;
    private final Duration silence;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<HttpConnection, Long> silent = new ConcurrentHashMap<>();

    /** @param silence how long a connection may take to send its first request's headers */
    Connections(Vertx vertx, int limit, Duration silence) {
        this.vertx = vertx;
        this.limit = limit;
        this.silence = silence;
    }

    void accept(HttpConnection connection) {
        connection.closeHandler(closed -> {
            open.decrementAndGet();
            heard(connection);
        });
        if (open.incrementAndGet() > limit) {
            connection.close();
            return;
        }
        silent.put(connection, vertx.setTimer(silence.toMillis(), fired -> connection.close()));
    }

    /** A request handler that notes that the connection speaks. */
    Handler<HttpServerRequest> noting(Handler<HttpServerRequest> handler) {
        return request -> {
            heard(request.connection());
            handler.handle(request);
        };
    }

    private void heard(HttpConnection connection) {
        Long timer = silent.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
