package dev.candor.inference.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** What is asked of every request before its handler sees it. */
final class RequestBounds {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final long BODY_MILLIS = 30_000;

    private final SecureRandom random;

    RequestBounds(SecureRandom random) {
        this.random = random;
    }

    /** Keeps the client's request id where it has a sane form, or draws one. */
    Handler<RoutingContext> identify() {
        return routing -> {
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

    /** Gives the body half a minute to arrive. */
    Handler<RoutingContext> hurryBody() {
        return routing -> {
            long timer = routing.vertx().setTimer(BODY_MILLIS, fired -> {
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
            boolean json = type != null && type.toLowerCase(Locale.ROOT).split(";")[0].strip().equals("application/json");
            if (routing.request().method() == HttpMethod.POST && !json) {
                routing.fail(415);
            } else {
                routing.next();
            }
        };
    }
}
