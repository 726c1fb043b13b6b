package dev.candor.inference.proxy;

import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpHeaders;
import java.util.List;

/** Headers of a node's answer that its client is told too: what was ignored of the request, how long it took, where the limits stand, whether to try again. */
final class NodeHeaders {
    static final String PROCESSING = "openai-processing-ms";

    private static final List<String> PASSED_BACK = List.of(
            "retry-after", "retry-after-ms", "x-should-retry", "x-request-id", "www-authenticate", "candor-warning", PROCESSING,
            "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
            "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");

    private NodeHeaders() {}

    static void pass(HttpHeaders from, HttpServerResponse to) {
        PASSED_BACK.forEach(name -> from.firstValue(name).ifPresent(value -> to.putHeader(name, value)));
    }
}
