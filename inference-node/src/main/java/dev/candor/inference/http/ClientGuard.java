package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.inference.keys.ApiKey;
import dev.candor.inference.keys.ApiKeys;
import dev.candor.inference.keys.ApiSecret;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.limits.ClientId;
import dev.candor.inference.limits.RateLimit;
import dev.candor.inference.limits.RateLimitedException;
import dev.candor.inference.limits.RateLimits;
import dev.candor.inference.limits.Standing;
import dev.candor.inference.limits.WireDuration;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may ask for how much. A client is told by the key that the operator gave it, else by its payment, else by the address it comes from; a key that
 * the operator did not give out tells nobody apart, since everybody can make one up. Thread-safe.
 */
public final class ClientGuard {
    private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

    private final ApiKeys keys;
    private final boolean requireKey;
    private final RateLimit limit;
    private final RateLimits limits;
    private final Clock clock;
    private final Map<String, LongAdder> keyRequests = new ConcurrentHashMap<>();

    /**
     * Guards a node.
     *
     * @param requireKey whether nothing is done for clients without a key
     * @param limit      of each client, but for keys that have another
     */
    public ClientGuard(ApiKeys keys, boolean requireKey, RateLimit limit, RateLimits limits, Clock clock) {
        this.keys = keys;
        this.requireKey = requireKey;
        this.limit = limit;
        this.limits = limits;
        this.clock = clock;
    }

    /** To come first on every route that does work: 401 for a key that is not good, and for none where one is needed. */
    Handler<RoutingContext> identify() {
        return routing -> {
            if (routing.request().method() == HttpMethod.OPTIONS) {
                routing.next();
                return;
            }
            try {
                Exchange.caller(routing, caller(routing));
            } catch (ApiException e) {
                routing.fail(e);
                return;
            }
            routing.addHeadersEndHandler(ignored -> RateLimitHeaders.put(routing.response(), standing(Exchange.caller(routing))));
            routing.next();
        };
    }

    Standing standing(Caller caller) {
        return limits.standing(caller.client(), caller.limit());
    }

    private Caller caller(RoutingContext routing) throws ApiException {
        Optional<ApiSecret> secret = secret(routing.request().getHeader(HttpHeaders.AUTHORIZATION));
        Optional<ApiKey> key = secret.flatMap(keys::find);
        if (key.isPresent()) {
            return vouched(key.get());
        }
        if (secret.isPresent() && (requireKey || secret.get().claimsToBeKey())) {
            throw unauthorized("This node does not know the API key (removed, expired or mistyped): ask the node's operator for one.");
        }
        if (requireKey) {
            throw unauthorized("This node answers with an API key only: send it as Authorization: Bearer, or set it as your client's API key. Its operator "
                    + "gives keys out by candor keys add.");
        }
        return new Caller(Caller.address(routing.request().remoteAddress().hostAddress()), limit, false);
    }

    private Caller vouched(ApiKey key) throws ApiException {
        if (key.expired(clock.instant())) {
            throw unauthorized("The API key " + key.name() + " was good until " + key.expires().orElseThrow() + ": ask the node's operator for another.");
        }
        RateLimit own = new RateLimit(key.requestsPerMinute().orElse(limit.requests()), key.tokensPerMinute().orElse(limit.tokens()));
        return new Caller(Caller.key(key.name()), own, true);
    }

    private static Optional<ApiSecret> secret(String authorization) {
        Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
        return bearer.matches() ? Optional.of(new ApiSecret(bearer.group(1))) : Optional.empty();
    }

    private static ApiException unauthorized(String message) {
        return new ApiException(ErrorCode.INVALID_API_KEY, message).header("www-authenticate", "Bearer");
    }

    /** Whose requests with such a payment are. */
    Caller payer(EvmAddress payer) {
        return new Caller(Caller.payer(payer), limit, false);
    }

    /**
     * Takes one request from what its caller may ask for.
     *
     * @param tokens that it may use at most
     * @throws ApiException 429 if that is too little
     */
    Allowance take(Caller caller, long tokens) throws ApiException {
        try {
            Allowance taken = limits.take(caller.client(), caller.limit(), tokens);
            if (caller.vouched()) {
                keyRequests.computeIfAbsent(caller.client().name(), name -> new LongAdder()).increment();
            }
            return taken;
        } catch (RateLimitedException e) {
            throw refusal(caller.client(), e);
        }
    }

    /** What the operator sees: the limits, and the keys by their names with the requests they have made since the start. */
    public ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode()
                .put("require_key", requireKey)
                .put("requests_per_minute", limit.requests())
                .put("tokens_per_minute", limit.tokens())
                .put("clients_remembered", limits.size());
        ArrayNode list = status.putArray("keys");
        List<ApiKey> all = keys.all();
        keyRequests.keySet().retainAll(all.stream().map(ApiKey::name).toList());
        for (ApiKey key : all) {
            LongAdder requests = keyRequests.get(key.name());
            list.addObject()
                    .put("name", key.name())
                    .put("expires", key.expires().map(Instant::toString).orElse(null))
                    .put("expired", key.expired(clock.instant()))
                    .put("requests", requests == null ? 0 : requests.sum());
        }
        return status;
    }

    private static ApiException refusal(ClientId client, RateLimitedException e) {
        String unit = e.unit() == RateLimitedException.Unit.REQUESTS ? "requests" : "tokens";
        String whose = switch (client.kind()) {
            case KEY -> "the key " + client.name();
            case PAYER -> "the payer " + client.name();
            case ADDRESS -> "the address " + client.name();
        };
        if (e.retryAfter().isEmpty()) {
            return new ApiException(ErrorCode.INSUFFICIENT_QUOTA, "The request may use " + e.asked() + " tokens, prompt and answer together, and the limit of "
                    + whose + " is " + e.limit() + " a minute: shorten the prompt or lower max_tokens.");
        }
        return new ApiException(ErrorCode.RATE_LIMIT_EXCEEDED, "Rate limit of " + whose + " reached: " + e.limit() + " " + unit + " a minute. Try again in "
                + WireDuration.of(e.retryAfter().get()) + ".").retryAfter(e.retryAfter().get());
    }
}
