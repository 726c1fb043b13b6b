package dev.candor.inference.proxy;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps the wallet behind the proxy from web pages: a page of another site open in the owner's browser reaches the loopback interface too, by a request
 * that needs no preflight or by a name of its own that it lets point here.
 */
final class SameMachine implements Handler<RoutingContext> {
    private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    @Override
    public void handle(RoutingContext context) {
        String origin = context.request().getHeader("Origin");
        String host = context.request().authority() == null ? "" : context.request().authority().host();
        if (!NAMES.contains(host.toLowerCase(Locale.ROOT)) && !host.equals("::1")) {
            refuse(context, "The proxy answers to 127.0.0.1, localhost and [::1] only, not to " + shortened(host) + ".");
        } else if (origin != null && !isLocal(origin)) {
            refuse(context, "The proxy pays for programs of this machine, not for pages of " + shortened(origin) + ".");
        } else if (context.request().method().equals(HttpMethod.POST) && !isJson(context.request().getHeader("Content-Type"))) {
            ProxyErrors.send(context, new ApiException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json."));
        } else {
            context.next();
        }
    }

    private static boolean isLocal(String origin) {
        try {
            return NAMES.contains(String.valueOf(URI.create(origin).getHost()).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isJson(String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    private static void refuse(RoutingContext context, String message) {
        ProxyErrors.send(context, new ApiException(ErrorCode.FORBIDDEN, message).noRetry());
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
