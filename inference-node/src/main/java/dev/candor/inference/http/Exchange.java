package dev.candor.inference.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One request and its answer, for use from any thread: every touch of the connection hops to its event loop. */
final class Exchange {
    private static final String REQUEST_ID = "candor.request-id";
    private static final String CALLER = "candor.caller";
    /** How long the rest of a body is read, and thrown away, that was refused before it was there. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final RoutingContext routing;
    private final Context eventLoop;

    /** To be made on the event loop. */
    Exchange(RoutingContext routing) {
        this.routing = routing;
        this.eventLoop = routing.vertx().getOrCreateContext();
    }

    static void requestId(RoutingContext routing, String id) {
        routing.put(REQUEST_ID, id);
        routing.response().putHeader("x-request-id", id);
    }

    static String requestId(RoutingContext routing) {
        String id = routing.get(REQUEST_ID);
        return id == null ? "unknown" : id;
    }

    String requestId() {
        return requestId(routing);
    }

    static void caller(RoutingContext routing, Caller caller) {
        routing.put(CALLER, caller);
    }

    static Caller caller(RoutingContext routing) {
        Caller caller = routing.get(CALLER);
        if (caller == null) {
            throw new IllegalStateException("nobody asked who sends requests to " + routing.request().path());
        }
        return caller;
    }

    /** Who sends the request, on a route that asks. */
    Caller caller() {
        return caller(routing);
    }

    /** The request turns out to be somebody else's: whose limits its answer tells of. */
    void caller(Caller other) {
        eventLoop.runOnContext(ignored -> caller(routing, other));
    }

    byte[] body() {
        Buffer body = routing.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(routing.request().getHeader(name));
    }

    /** A parameter of the URL's query, the first of its name. */
    Optional<String> query(String name) {
        List<String> values = routing.queryParam(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    String pathParameter(String name) {
        return routing.pathParam(name);
    }

    String path() {
        return routing.request().path();
    }

    /** The URL the client used, as far as the request tells. */
    String url() {
        return routing.request().absoluteURI();
    }

    /** The address the request comes from, which may be a proxy's. */
    String remoteHost() {
        return routing.request().remoteAddress().hostAddress();
    }

    /** Whether the client is on this machine, and not a proxy that stands for others. */
    boolean fromThisMachine() {
        if (header("x-forwarded-for").isPresent() || header("forwarded").isPresent()) {
            return false;
        }
        String remote = routing.request().remoteAddress().hostAddress();
        return InetAddress.ofLiteral(remote).isLoopbackAddress() || remote.equals(routing.request().localAddress().hostAddress());
    }

    void send(Reply reply) {
        eventLoop.runOnContext(ignored -> {
            HttpServerResponse response = routing.response();
            if (response.ended() || response.closed() || response.headWritten()) {
                return;
            }
            response.setStatusCode(reply.status());
            reply.headers().forEach(response::putHeader);
            boolean bodyUnread = !routing.request().isEnded();
            response.end(Buffer.buffer(reply.body())).onComplete(done -> {
                if (bodyUnread) {
                    linger();
                }
            });
        });
    }

    /** To close while the client still sends would reset the connection, and with it what the client has not read of the answer. */
    private void linger() {
        HttpServerRequest request = routing.request();
        if (request.isEnded()) {
            return;
        }
        long timer = routing.vertx().setTimer(LINGER.toMillis(), fired -> request.connection().close());
        request.endHandler(ended -> routing.vertx().cancelTimer(timer));
        request.handler(discarded -> {});
        request.resume();
    }

    /** Calls {@code action} on the event loop when the client goes before the answer has ended; at once if it has gone. */
    void onClientGone(Runnable action) {
        eventLoop.runOnContext(ignored -> {
            HttpServerResponse response = routing.response();
            if (response.closed() && !response.ended()) {
                action.run();
                return;
            }
            response.closeHandler(closed -> {
                if (!response.ended()) {
                    action.run();
                }
            });
        });
    }

    Context eventLoop() {
        return eventLoop;
    }

    HttpServerResponse response() {
        return routing.response();
    }
}
