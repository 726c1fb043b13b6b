package dev.candor.inference.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Keys as JSON: {@code {"keys":[{"name","sha256","created","expires","requests_per_minute","tokens_per_minute"}]}}, the last three where they are set,
 * times as in RFC 3339.
 */
final class KeyFileCodec {
    /** Keys of a node at most: each request with a key is compared with all of them. */
    static final int MOST = 1000;
    /** Bytes of a file at most. */
    static final int MAX_BYTES = 1 << 20;

    private static final Set<String> MEMBERS = Set.of("name", "sha256", "created", "expires", "requests_per_minute", "tokens_per_minute");

    private final JsonMapper mapper = new JsonMapper();

    /** @throws KeyFileException unless {@code bytes} are what {@link #write} gives, in any layout */
    List<ApiKey> read(byte[] bytes) throws KeyFileException {
        JsonNode list = root(bytes).path("keys");
        if (!list.isArray() || list.size() > MOST) {
            throw new KeyFileException("'keys' must be a list of at most " + MOST);
        }
        List<ApiKey> keys = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode each : list) {
            ApiKey key = key(each, keys.size());
            if (!names.add(key.name())) {
                throw new KeyFileException("the name " + key.name() + " is there twice");
            }
            keys.add(key);
        }
        return keys;
    }

    private static JsonNode root(byte[] bytes) throws KeyFileException {
        if (bytes.length > MAX_BYTES) {
            throw new KeyFileException("it is larger than " + MAX_BYTES + " bytes");
        }
        try {
            return StrictJson.parse(bytes);
        } catch (InvalidJsonException e) {
            throw new KeyFileException("it is not JSON: " + e.getMessage());
        }
    }

    private static ApiKey key(JsonNode json, int index) throws KeyFileException {
        String where = "keys[" + index + "]";
        if (!json.isObject()) {
            throw new KeyFileException(where + " must be an object");
        }
        for (String member : (Iterable<String>) json::fieldNames) {
            if (!MEMBERS.contains(member)) {
                throw new KeyFileException(where + " has a member that is not known: " + member);
            }
        }
        try {
            return new ApiKey(text(json, "name"), new Digest(text(json, "sha256")), Instant.parse(text(json, "created")),
                    json.has("expires") ? Optional.of(Instant.parse(text(json, "expires"))) : Optional.empty(),
                    limit(json, "requests_per_minute"), limit(json, "tokens_per_minute"));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new KeyFileException(where + ": " + e.getMessage());
        }
    }

    private static String text(JsonNode json, String member) {
        if (!json.path(member).isTextual()) {
            throw new IllegalArgumentException("'" + member + "' must be text");
        }
        return json.path(member).textValue();
    }

    private static OptionalInt limit(JsonNode json, String member) {
        if (!json.has(member)) {
            return OptionalInt.empty();
        }
        if (!json.path(member).isIntegralNumber() || !json.path(member).canConvertToInt()) {
            throw new IllegalArgumentException("'" + member + "' must be a whole number");
        }
        return OptionalInt.of(json.path(member).intValue());
    }

    byte[] write(List<ApiKey> keys) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("keys");
        for (ApiKey key : keys) {
            ObjectNode one = list.addObject().put("name", key.name()).put("sha256", key.digest().hex()).put("created", key.created().toString());
            key.expires().ifPresent(at -> one.put("expires", at.toString()));
            key.requestsPerMinute().ifPresent(limit -> one.put("requests_per_minute", limit));
            key.tokensPerMinute().ifPresent(limit -> one.put("tokens_per_minute", limit));
        }
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException("a JSON tree can always be written", e);
        }
    }
}
