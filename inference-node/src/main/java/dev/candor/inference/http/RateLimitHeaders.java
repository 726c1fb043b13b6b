package dev.candor.inference.http;

import dev.candor.inference.limits.Standing;
import dev.candor.inference.limits.WireDuration;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.Set;

/** {@code x-ratelimit-{limit,remaining,reset}-{requests,tokens}}, as OpenAI sends them; those of a unit only where it is limited. */
final class RateLimitHeaders {
    static final Set<String> NAMES = Set.of(
            "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
            "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");

    private RateLimitHeaders() {}

    static void put(HttpServerResponse response, Standing standing) {
        put(response, "requests", standing.requests());
        put(response, "tokens", standing.tokens());
    }

    private static void put(HttpServerResponse response, String unit, Optional<Standing.Count> count) {
        count.ifPresent(known -> response
                .putHeader("x-ratelimit-limit-" + unit, Long.toString(known.limit()))
                .putHeader("x-ratelimit-remaining-" + unit, Long.toString(known.remaining()))
                .putHeader("x-ratelimit-reset-" + unit, WireDuration.of(known.reset())));
    }
}
