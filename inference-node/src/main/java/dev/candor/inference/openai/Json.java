package dev.candor.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;

/** Reads request bodies strictly and writes answers. Thread-safe. */
public final class Json {
    private final JsonMapper mapper = new JsonMapper();

    /**
     * Reads a body that a receipt can name.
     *
     * @throws ApiException unless {@code body} is exactly one JSON object in UTF-8, no member twice, at most 64 levels deep, with a
     *                      canonical form (RFC 8785): without one the answer could not be receipted, nor charged
     */
    public ObjectNode object(byte[] body) throws ApiException {
        try {
            if (StrictJson.parse(body) instanceof ObjectNode object) {
                CanonicalJson.bytes(object);
                return object;
            }
        } catch (InvalidJsonException e) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body is not valid JSON: " + e.getMessage());
        }
        throw new ApiException(ErrorCode.INVALID_JSON, "The body must be a JSON object.");
    }

    /** UTF-8 without white space, members in their order. */
    public byte[] bytes(JsonNode node) {
        try {
            return mapper.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
