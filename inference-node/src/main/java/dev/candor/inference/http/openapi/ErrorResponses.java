package dev.candor.inference.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the errors of a route as its responses, one for each status. */
final class ErrorResponses {
    private static final Set<ErrorCode> EVERYWHERE = EnumSet.of(ErrorCode.QUEUE_FULL, ErrorCode.INTERNAL, ErrorCode.UNAVAILABLE, ErrorCode.BAD_REQUEST);
    private static final Set<ErrorCode> WITH_BODY = EnumSet.of(ErrorCode.REQUEST_TIMEOUT, ErrorCode.BODY_TOO_LARGE, ErrorCode.INVALID_JSON);
    private static final Set<ErrorCode> WITH_CALLER = EnumSet.of(ErrorCode.INVALID_API_KEY, ErrorCode.RATE_LIMIT_EXCEEDED, ErrorCode.INSUFFICIENT_QUOTA);

    private final ObjectNode groups;

    /** @param groups arrays of codes by the names that descriptions call them, after an {@code @} */
    ErrorResponses(ObjectNode groups) {
        this.groups = groups;
    }

    /** @param named the codes and groups that the route's description names */
    void addTo(ObjectNode responses, ApiRoute route, JsonNode named) {
        EnumSet<ErrorCode> codes = EnumSet.copyOf(EVERYWHERE);
        route.maxBody().ifPresent(bytes -> codes.addAll(WITH_BODY));
        if (route.jsonOnly()) {
            codes.add(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        }
        if (route.identified()) {
            codes.addAll(WITH_CALLER);
        }
        read(named, codes);
        codes.stream().collect(Collectors.groupingBy(ErrorCode::status, TreeMap::new, Collectors.toList())).forEach((status, some) -> {
            String key = Integer.toString(status);
            ObjectNode response = response(route, status, some.stream().map(ErrorCode::code).toList());
            responses.set(key, responses.has(key) ? either((ObjectNode) responses.get(key), response) : response);
        });
    }

    private void read(JsonNode named, Set<ErrorCode> into) {
        for (JsonNode each : named) {
            String name = each.textValue();
            if (name.startsWith("@")) {
                read(groups.required(name.substring(1)), into);
            } else {
                into.add(Arrays.stream(ErrorCode.values()).filter(code -> code.code().equals(name)).findFirst()
                        .orElseThrow(() -> new IllegalStateException("a description names the error " + name + ", which is not in the table")));
            }
        }
    }

    private static ObjectNode response(ApiRoute route, int status, Iterable<String> codes) {
        ObjectNode out = JsonNodeFactory.instance.objectNode().put("description", String.join(", ", codes));
        ObjectNode headers = out.putObject("headers");
        Map.of("x-should-retry", "ShouldRetry", "retry-after", "RetryAfter", "retry-after-ms", "RetryAfterMs")
                .forEach((name, component) -> headers.putObject(name).put("$ref", "#/components/headers/" + component));
        if (status == ErrorCode.INVALID_API_KEY.status()) {
            headers.putObject("WWW-Authenticate").put("$ref", "#/components/headers/Authenticate");
        }
        if (status == ErrorCode.PAYMENT_REQUIRED.status()) {
            headers.putObject("PAYMENT-REQUIRED").put("$ref", "#/components/headers/PaymentRequired");
        }
        boolean flat = route.path().text().equals("/v2") || route.path().text().startsWith("/v2/");
        out.putObject("content").putObject("application/json").putObject("schema").put("$ref", "#/components/schemas/" + (flat ? "InferenceError" : "Error"));
        return out;
    }

    /** A status that is also an answer: not ready, and stopping. */
    private static ObjectNode either(ObjectNode described, ObjectNode error) {
        ObjectNode out = described.deepCopy();
        ObjectNode json = out.withObject("/content/application~1json");
        JsonNode first = json.remove("schema");
        json.putObject("schema").putArray("anyOf").add(first).add(error.at("/content/application~1json/schema"));
        return out.put("description", described.path("description").asText() + " Or: " + error.path("description").asText());
    }
}
