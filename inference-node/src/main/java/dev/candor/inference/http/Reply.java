package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.openai.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole answer.
 *
 * @param headers beside {@code content-length}
 */
public record Reply(int status, Map<String, String> headers, byte[] body) {
    static final String JSON = "application/json";

    static Reply json(int status, JsonNode body, Json json) {
        return new Reply(status, Map.of("content-type", JSON), json.bytes(body));
    }

    static Reply of(String contentType, byte[] body) {
        return new Reply(200, Map.of("content-type", contentType), body);
    }

    Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body);
    }

    Reply with(Map<String, String> added) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.putAll(added);
        return new Reply(status, more, body);
    }
}
