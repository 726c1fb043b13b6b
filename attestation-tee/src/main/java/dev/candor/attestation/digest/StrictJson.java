package dev.candor.attestation.digest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON (RFC 8259) so that no two readers can take different documents from the same bytes: UTF-8 only, without a byte order mark, no
 * duplicate member names, nothing after the document, at most {@value #MAX_DEPTH} levels deep.
 */
public final class StrictJson {
    /** How deeply arrays and objects may be nested. */
    public static final int MAX_DEPTH = 64;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(1000)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /**
     * The document in {@code json}. The caller bounds the length.
     *
     * @throws InvalidJsonException if {@code json} is not exactly one JSON document in UTF-8
     */
    public static JsonNode parse(byte[] json) throws InvalidJsonException {
        try {
            JsonNode node = MAPPER.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
            if (node == null || node.isMissingNode()) {
                throw new InvalidJsonException("the JSON document is empty");
            }
            return node;
        } catch (CharacterCodingException e) {
            throw new InvalidJsonException("the JSON document is not UTF-8");
        } catch (JacksonException e) {
            throw new InvalidJsonException(JsonFault.of(e) + place(e.getLocation()));
        }
    }

    /**
     * The object in {@code json}.
     *
     * @throws InvalidJsonException also if the document is not an object
     */
    public static ObjectNode parseObject(byte[] json) throws InvalidJsonException {
        if (parse(json) instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidJsonException("the JSON document is not an object");
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
