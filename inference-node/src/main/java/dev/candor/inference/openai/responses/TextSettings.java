package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Fields;
import java.util.Optional;

/**
 * Reads {@code text}: the form of the answer's text.
 *
 * @param given    as the response repeats it
 * @param format   {@code response_format} of the chat request; empty for plain text
 * @param verbose  whether the request says how wordy the answer should be
 */
record TextSettings(ObjectNode given, Optional<ObjectNode> format, boolean verbose) {
    private static final String FORMAT = "text.format.";

    /** @throws ApiException naming the member at fault; what a schema holds is not looked at */
    static TextSettings read(Fields request) throws ApiException {
        JsonNode text = request.get("text").orElseGet(JsonNodeFactory.instance::objectNode);
        if (!(text instanceof ObjectNode object)) {
            throw request.wrongType("text", "an object", text);
        }
        Fields fields = new Fields(object, "text.");
        Optional<String> verbosity = fields.text("verbosity");
        JsonNode format = fields.get("format").orElseGet(() -> JsonNodeFactory.instance.objectNode().put("type", "text"));
        if (!(format instanceof ObjectNode formatObject)) {
            throw fields.wrongType("format", "an object", format);
        }
        ObjectNode given = JsonNodeFactory.instance.objectNode();
        given.set("format", formatObject);
        given.put("verbosity", verbosity.orElse("medium"));
        return new TextSettings(given, format(new Fields(formatObject, FORMAT)), verbosity.isPresent());
    }

    private static Optional<ObjectNode> format(Fields format) throws ApiException {
        String type = format.text("type").orElseThrow(() -> format.missing("type"));
        return switch (type) {
            case "text" -> Optional.empty();
            case "json_object" -> Optional.of(JsonNodeFactory.instance.objectNode().put("type", type));
            case "json_schema" -> Optional.of(schema(format));
            default -> throw format.invalid("type", "must be 'text', 'json_object' or 'json_schema', got '" + type + "'");
        };
    }

    private static ObjectNode schema(Fields format) throws ApiException {
        ObjectNode nested = JsonNodeFactory.instance.objectNode().put("type", "json_schema");
        ObjectNode schema = nested.putObject("json_schema");
        schema.put("name", format.text("name").orElseThrow(() -> format.missing("name")));
        schema.set("schema", format.get("schema").orElseThrow(() -> format.missing("schema")));
        format.text("description").ifPresent(text -> schema.put("description", text));
        format.get("strict").ifPresent(strict -> schema.set("strict", strict));
        return nested;
    }
}
