package dev.candor.inference.proxy;

import dev.candor.inference.keys.ApiSecret;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The one kind of API key that a client's requests are passed on with: a node's. Any other is somebody else's secret, and no business of the node. */
final class NodeKey {
    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "bearer ";

    private NodeKey() {}

    /** The header with the key, if the request has one. */
    static Map<String, String> of(RoutingContext context) {
        String value = context.request().getHeader(AUTHORIZATION);
        boolean bearer = value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return bearer && new ApiSecret(value.substring(BEARER.length()).strip()).claimsToBeKey() ? Map.of(AUTHORIZATION, value) : Map.of();
    }
}
