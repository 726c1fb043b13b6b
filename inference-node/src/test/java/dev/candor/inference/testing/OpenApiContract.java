package dev.candor.inference.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Holds exchanges against an OpenAPI document. Members of answers that the document does not name are faults. Thread-safe. */
public final class OpenApiContract {
    /** What is said where there is no such route. */
    private static final List<Integer> NO_ROUTE = List.of(403, 404, 405);
    /** What is not even HTTP is refused before any route sees it. */
    private static final List<Integer> NOT_HTTP = List.of(414, 431);
    private static final List<String> OF_MODELS = List.of("model", "file");

    private final JsonNode document;
    private final JsonNode closed;
    private final Map<Pattern, JsonNode> paths = new HashMap<>();
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

    public OpenApiContract(JsonNode document) {
        this.document = document;
        JsonNode copy = document.deepCopy();
        close(copy.at("/components/schemas"));
        close(copy.path("paths"));
        this.closed = copy;
        copy.path("paths").properties().forEach(path -> paths.put(pattern(path.getKey()), path.getValue()));
    }

    private static Pattern pattern(String template) {
        return Pattern.compile(Pattern.compile("\\{([a-z_]+)}").matcher(template.replace(".", "\\."))
                .replaceAll(name -> OF_MODELS.contains(name.group(1)) ? ".+" : "[^/]+"));
    }

    /** An object that says which members it has, has no others; a kind of one may be another kind's, so that those stay open within lists of kinds. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && object.path("type").asText().equals("object")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(OpenApiContract::close);
    }

    /**
     * Fails if an exchange is none of the document.
     *
     * @param path         without its query
     * @param request      the body sent; empty where there was none
     * @param headerNames  of the answer, by lower-case name
     * @param body         of the answer; null where it is not at hand
     */
    public void check(String method, String path, byte[] request, int status, Function<String, Optional<String>> headerNames, byte[] body) {
        String what = method + " " + path + " -> " + status;
        Optional<JsonNode> operation = operation(method, path);
        if (NOT_HTTP.contains(status)) {
            return;
        }
        assertThat(headerNames.apply("x-request-id")).as(what + ": x-request-id").isPresent();
        if (operation.isEmpty()) {
            assertThat(method.equals("OPTIONS") || NO_ROUTE.contains(status)).as(what + ": no such operation is in the document").isTrue();
            return;
        }
        JsonNode response = operation.get().path("responses").path(Integer.toString(status));
        if (response.isMissingNode()) {
            assertThat(NO_ROUTE.contains(status)).as(what + ": the document has no such answer").isTrue();
            return;
        }
        if (status == 200) {
            checkRequest(what, operation.get(), request);
        }
        if (!method.equals("HEAD") && body != null) {
            checkAnswer(what, response.path("content"), headerNames.apply("content-type").orElse(""), body);
        }
    }

    private Optional<JsonNode> operation(String method, String path) {
        return paths.entrySet().stream()
                .filter(each -> each.getKey().matcher(path).matches() && each.getValue().has(method.toLowerCase(java.util.Locale.ROOT)))
                .sorted((a, b) -> Integer.compare(b.getKey().pattern().length(), a.getKey().pattern().length()))
                .map(each -> each.getValue().get(method.toLowerCase(java.util.Locale.ROOT)))
                .findFirst();
    }

    private void checkRequest(String what, JsonNode operation, byte[] request) {
        JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
        boolean bytesBehind = operation.at("/requestBody/content").has("application/octet-stream");
        if (!schema.isMissingNode() && request.length > 0 && !bytesBehind) {
            // What the answer's schemas close, requests leave open.
            validate(what + " request", document, openPointer(schema), json(what + " request", request));
        }
    }

    /** Requests are read from the document as it is served: the same schema, but for what {@link #close} added. */
    private static JsonNode openPointer(JsonNode schema) {
        assertThat(schema.has("$ref") || schema.isObject()).isTrue();
        if (schema.has("$ref")) {
            return schema;
        }
        ObjectNode open = schema.deepCopy();
        open.remove("additionalProperties");
        return open;
    }

    private void checkAnswer(String what, JsonNode content, String type, byte[] body) {
        JsonNode media = content.has(type) ? content.get(type) : content.path(type.replaceFirst(";.*", ""));
        assertThat(media.isMissingNode()).as("%s: the document has no answer of the type '%s'", what, type).isFalse();
        if (type.startsWith("text/event-stream")) {
            for (String line : new String(body, StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
                    byte[] data = line.substring(6).getBytes(StandardCharsets.UTF_8);
                    validate(what + " event", closed, media.path("schema"), json(what + " event", data));
                }
            }
        } else if (type.startsWith("application/json")) {
            validate(what, closed, media.path("schema"), json(what, body));
        }
    }

    private void validate(String what, JsonNode root, JsonNode schema, JsonNode value) {
        JsonSchema validator = compiled.computeIfAbsent((root == closed) + schema.toString(), key -> {
            ObjectNode whole = JsonNodeFactory.instance.objectNode().put("$schema", "https://json-schema.org/draft/2020-12/schema");
            ArrayNode all = whole.putArray("allOf");
            all.add(schema);
            whole.set("components", root.get("components"));
            return factory.getSchema(whole);
        });
        assertThat(validator.validate(value)).as("%s: %s", what, shortened(value.toString())).isEmpty();
    }

    private static String shortened(String text) {
        return text.length() < 2000 ? text : text.substring(0, 2000) + "…";
    }

    private static JsonNode json(String what, byte[] body) {
        try {
            return StrictJson.parse(body);
        } catch (InvalidJsonException e) {
            throw new AssertionError(what + " is not JSON: " + new String(body, StandardCharsets.UTF_8), e);
        }
    }
}
