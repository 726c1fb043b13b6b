package dev.candor.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.structured.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what a request says about the form of its answer: OpenAI's {@code response_format}, and vLLM's {@code structured_outputs} and
 * {@code guided_json}, {@code guided_regex} and {@code guided_choice}.
 */
public final class FormatFields {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final int MAX_CHOICES = 4096;
    private static final JsonMapper JSON = new JsonMapper();

    private final Fields fields;

    public FormatFields(Fields fields) {
        this.fields = fields;
    }

    /** Empty where any text will do. @throws ApiException naming the member at fault, also where two members ask for different forms */
    public Optional<OutputFormat> read() throws ApiException {
        List<OutputFormat> asked = new ArrayList<>();
        Optional<ObjectNode> format = object(fields, "response_format");
        if (format.isPresent()) {
            typed(new Fields(format.get(), "response_format."), "json_schema").ifPresent(asked::add);
        }
        Optional<ObjectNode> structured = object(fields, "structured_outputs");
        if (structured.isPresent()) {
            guided(new Fields(structured.get(), "structured_outputs."), "", asked);
        }
        guided(fields, "guided_", asked);
        if (asked.size() > 1) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'" + asked.get(0).param() + "' and '" + asked.get(1).param()
                    + "' both say what the answer must be: give one of them.", asked.get(1).param());
        }
        return asked.stream().findFirst();
    }

    /**
     * Reads a format object with a {@code type}, as {@code response_format} of chats and {@code text.format} of responses are.
     *
     * @param nested the member that holds name and schema where the type is {@code json_schema}; empty if they lie in the format itself
     */
    static Optional<OutputFormat> typed(Fields format, String nested) throws ApiException {
        String type = format.text("type").orElseThrow(() -> format.missing("type"));
        return switch (type) {
            case "text" -> Optional.empty();
            case "json_object" -> Optional.of(jsonObject(format));
            case "json_schema" -> Optional.of(nested.isEmpty()
                    ? named(format)
                    : named(new Fields(object(format, nested).orElseThrow(() -> format.missing(nested)), format.prefix() + nested + ".")));
            default -> throw format.invalid("type", "must be 'text', 'json_object' or 'json_schema', got '" + type + "'");
        };
    }

    /** llama.cpp's servers take the schema here, too. */
    private static OutputFormat jsonObject(Fields format) throws ApiException {
        Optional<JsonNode> schema = format.get("schema");
        return schema.isPresent() ? schema(format, "schema", schema.get()) : new OutputFormat(new Grammar.JsonObject(), format.prefix() + "type");
    }

    private static OutputFormat named(Fields schema) throws ApiException {
        String name = schema.text("name").orElseThrow(() -> schema.missing("name"));
        if (!NAME.matcher(name).matches()) {
            throw schema.invalid("name", "must have 1 to 64 letters, digits, '_' or '-'");
        }
        schema.text("description");
        schema.flag("strict", false);
        return schema(schema, "schema", schema.get("schema").orElseThrow(() -> schema.missing("schema")));
    }

    private static OutputFormat schema(Fields parent, String name, JsonNode schema) throws ApiException {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw parent.wrongType(name, "a JSON Schema (an object or a boolean)", schema);
        }
        return new OutputFormat(new Grammar.JsonSchema(schema), parent.prefix() + name);
    }

    private static void guided(Fields from, String prefix, List<OutputFormat> asked) throws ApiException {
        Optional<JsonNode> json = from.get(prefix + "json");
        if (json.isPresent()) {
            asked.add(schema(from, prefix + "json", json.get().isTextual() ? parsed(from, prefix + "json", json.get().textValue()) : json.get()));
        }
        if (from.flag(prefix + "json_object", false)) {
            asked.add(new OutputFormat(new Grammar.JsonObject(), from.prefix() + prefix + "json_object"));
        }
        Optional<String> regex = from.text(prefix + "regex");
        regex.ifPresent(pattern -> asked.add(new OutputFormat(new Grammar.Regex(pattern), from.prefix() + prefix + "regex")));
        Optional<JsonNode> choice = from.get(prefix + "choice");
        if (choice.isPresent()) {
            asked.add(choice(from, prefix + "choice", choice.get()));
        }
        for (String other : List.of("grammar", "structural_tag")) {
            if (from.get(prefix + other).isPresent()) {
                throw from.unsupported(prefix + other, "is not supported: describe the answer by a JSON Schema, a regular expression or a choice of texts");
            }
        }
    }

    private static JsonNode parsed(Fields from, String name, String text) throws ApiException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw from.invalid(name, "must be a JSON Schema, or one as text; this text is not JSON");
        }
    }

    private static OutputFormat choice(Fields from, String name, JsonNode choice) throws ApiException {
        if (!choice.isArray()) {
            throw from.wrongType(name, "an array of strings", choice);
        }
        if (choice.isEmpty() || choice.size() > MAX_CHOICES) {
            throw from.invalid(name, "must have 1 to " + MAX_CHOICES + " texts, got " + choice.size());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : choice) {
            if (!text.isTextual() || text.textValue().isEmpty()) {
                throw from.invalid(name, "may hold only strings that are not empty");
            }
            texts.add(text.textValue());
        }
        return new OutputFormat(new Grammar.Choice(texts), from.prefix() + name);
    }

    private static Optional<ObjectNode> object(Fields from, String name) throws ApiException {
        JsonNode node = from.get(name).orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ObjectNode object)) {
            throw from.wrongType(name, "an object", node);
        }
        return Optional.of(object);
    }
}
