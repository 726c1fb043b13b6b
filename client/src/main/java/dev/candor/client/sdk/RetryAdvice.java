package dev.candor.client.sdk;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads out of an answer whether, and when, the request should be sent again. */
public final class RetryAdvice {
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final String IN_USE = "payment_in_use";
    private static final BigDecimal DAY_SECONDS = BigDecimal.valueOf(86_400);

    private final RetryPolicy policy;
    private final ObjectMapper json = new ObjectMapper();

    RetryAdvice(RetryPolicy policy) {
        this.policy = policy;
    }

    /** How long to wait before the next try; empty if there should be none. */
    Optional<Duration> wait(NodeAnswer answer, boolean paid, int retry) {
        if (retry >= policy.retries() || !again(answer, paid)) {
            return Optional.empty();
        }
        Duration wait = retryAfter(answer).orElse(policy.backoff(retry));
        return wait.compareTo(policy.maxWait()) > 0 ? Optional.empty() : Optional.of(wait);
    }

    private boolean again(NodeAnswer answer, boolean paid) {
        if (answer.status() < 400) {
            return false;
        }
        if (paid && answer.status() == 409 && inUse(answer)) {
            return true;
        }
        if (!policy.onRefusals()) {
            return false;
        }
        return switch (answer.headers().firstValue("x-should-retry").orElse("")) {
            case "true" -> true;
            case "false" -> false;
            default -> PASSING.contains(answer.status());
        };
    }

    private boolean inUse(NodeAnswer answer) {
        try {
            return json.readTree(answer.body()).at("/error/code").asText().equals(IN_USE);
        } catch (IOException e) {
            return false;
        }
    }

    /** What the node says of the time, in seconds (RFC 9110, 10.2.3); a date is not read. */
    public static Optional<Duration> retryAfter(NodeAnswer answer) {
        Optional<String> header = answer.headers().firstValue("retry-after");
        if (header.isEmpty() || !header.get().matches("\\d{1,9}(\\.\\d{1,3})?")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(new BigDecimal(header.get()).min(DAY_SECONDS).movePointRight(3).longValue()));
    }
}
