package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What is asked of every request before its handler sees it. */
final class RequestBounds {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern JSON = Pattern.compile("application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");
    private static final int KIB = 1024;

    private final SecureRandom random;
    private final Semaphore bodyKib;
    private final Duration bodyTime;

    /**
     * @param maxBodies bytes of all bodies at once
     * @param bodyTime  how long a body may take to arrive
     */
    RequestBounds(SecureRandom random, long maxBodies, Duration bodyTime) {
        this.random = random;
        this.bodyTime = bodyTime;
        this.bodyKib = new Semaphore(Math.toIntExact(Math.ceilDiv(maxBodies, (long) KIB)));
    }

    /** Keeps the client's request id where it has a sane form, or draws one; and says how long the answer took, to its first byte. */
    Handler<RoutingContext> identify() {
        return routing -> {
            long begin = System.nanoTime();
            routing.addHeadersEndHandler(ignored -> routing.response()
                    .putHeader("openai-processing-ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))));
            String given = routing.request().getHeader("x-request-id");
            Exchange.requestId(routing, given != null && REQUEST_ID.matcher(given).matches() ? given : draw());
            routing.next();
        };
    }

    private String draw() {
        byte[] id = new byte[12];
        random.nextBytes(id);
        return "req_" + HexFormat.of().formatHex(id);
    }

    /** Reserves memory for a body of at most {@code limit} bytes until the request has been answered. */
    Handler<RoutingContext> budgetBody(int limit) {
        return routing -> {
            if (routing.request().method() != HttpMethod.POST) {
                routing.next();
                return;
            }
            int kib = Math.ceilDiv((int) Math.clamp(declared(routing, limit), 0, limit), KIB);
            if (!bodyKib.tryAcquire(kib)) {
                routing.fail(new ApiException(ErrorCode.QUEUE_FULL, "The bodies of the requests at work leave no room for one of " + kib
                        + " KiB: try again later."));
                return;
            }
            routing.addEndHandler(ended -> bodyKib.release(kib));
            routing.next();
        };
    }

    private static long declared(RoutingContext routing, int limit) {
        try {
            String length = routing.request().getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? limit : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return limit;
        }
    }

    /** Keeps web pages and other names for this machine away from what only its owner may see. */
    Handler<RoutingContext> ownerOnly() {
        return routing -> {
            if (ownName(routing.request())) {
                routing.next();
            } else {
                routing.fail(new ApiException(ErrorCode.FORBIDDEN, "The status is for the node's own machine."));
            }
        };
    }

    /** Whether a request names this machine by an address of its own, and comes from no web page. */
    static boolean ownName(HttpServerRequest request) {
        HostAndPort host = request.authority();
        return host != null && (LOOPBACK.contains(host.host()) || host.host().equals(request.localAddress().hostAddress()))
                && request.getHeader(HttpHeaders.ORIGIN) == null;
    }

    /** Gives the body its time to arrive. */
    Handler<RoutingContext> hurryBody() {
        return routing -> {
            long timer = routing.vertx().setTimer(bodyTime.toMillis(), fired -> {
                if (!routing.request().isEnded()) {
                    routing.fail(408);
                }
            });
            routing.addEndHandler(ended -> routing.vertx().cancelTimer(timer));
            routing.next();
        };
    }

    /** Refuses a POST whose body is not said to be JSON. */
    Handler<RoutingContext> requireJson() {
        return routing -> {
            String type = routing.request().getHeader(HttpHeaders.CONTENT_TYPE);
            boolean json = type != null && JSON.matcher(type).matches();
            if (routing.request().method() == HttpMethod.POST && !json) {
                routing.fail(415);
            } else {
                routing.next();
            }
        };
    }
}
