package dev.candor.hub.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;

/**
 * JSON of the hub's own files: bounded, duplicate keys and bytes after the value refused; written with two spaces and {@code \n} on every machine, so
 * that the same value gives the same bytes.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_STRING = 1 << 20;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING)
                            .maxNumberLength(64)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws IOException if {@code json} is not one JSON object within the bounds */
    public JsonNode readObject(byte[] json) throws IOException {
        JsonNode node = mapper.readTree(json);
        if (node == null || !node.isObject()) {
            throw new IOException("expected a JSON object");
        }
        return node;
    }

    /** The bytes of {@code value}, indented, with a line feed at the end. */
    public byte[] write(Object value) throws IOException {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(mapper.writer(printer).writeValueAsBytes(value));
        out.write("\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** @throws IOException if {@code object} is not an object or has a member that is not in {@code allowed} */
    public static void allowOnly(JsonNode object, Set<String> allowed) throws IOException {
        if (!object.isObject()) {
            throw new IOException("expected a JSON object");
        }
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw new IOException("unknown member \"" + name + "\"");
            }
        }
    }

    /** The text member {@code name}. @throws IOException if it is missing or no string */
    public static String text(JsonNode object, String name) throws IOException {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw new IOException("\"" + name + "\" must be a string");
        }
        return value.textValue();
    }

    /** The whole-number member {@code name}. @throws IOException if it is missing, no whole number, or outside {@code min..max} */
    public static long integer(JsonNode object, String name, long min, long max) throws IOException {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            throw new IOException("\"" + name + "\" must be a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    /** The array member {@code name}. @throws IOException if it is missing, no array, or longer than {@code max} */
    public static JsonNode array(JsonNode object, String name, int max) throws IOException {
        JsonNode value = object.path(name);
        if (!value.isArray() || value.size() > max) {
            throw new IOException("\"" + name + "\" must be an array of at most " + max);
        }
        return value;
    }
}
