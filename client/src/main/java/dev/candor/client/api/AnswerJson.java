package dev.candor.client.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.candor.client.error.AnswerFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads JSON that others wrote, with errors that say what is wrong with it. */
final class AnswerJson {
    private static final int MAX_SHOWN = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private AnswerJson() {}

    static JsonNode parse(String text, String what) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new AnswerFormatException(what + " is not JSON: " + e.getOriginalMessage() + "; it is " + shown(text), e);
        }
    }

    static JsonNode parse(byte[] body, String what) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new AnswerFormatException(what + " is not JSON: " + e.getMessage(), e);
        }
    }

    static JsonNode schema(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the schema is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static <T> T read(String text, Class<T> type, String what) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            throw new AnswerFormatException(what + " does not fit the record " + type.getSimpleName() + ": " + e.getOriginalMessage() + "; it is " + shown(text), e);
        }
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** A member that must be a text. */
    static String text(JsonNode node, String name) {
        return optional(node, name).orElseThrow(() -> missing(name, "a text", node.path(name)));
    }

    /** A member that may be a text. */
    static Optional<String> optional(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /** A member that must be a whole number; zero where it is not there. */
    static int count(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw missing(name, "a whole number", value);
        }
        return value.intValue();
    }

    static double number(JsonNode node, String name) {
        if (!node.path(name).isNumber()) {
            throw missing(name, "a number", node.path(name));
        }
        return node.path(name).doubleValue();
    }

    /** What is in a list, which may be missing. */
    static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> read) {
        JsonNode value = node.path(name);
        if (!value.isArray() && !value.isMissingNode() && !value.isNull()) {
            throw missing(name, "a list", value);
        }
        List<T> out = new ArrayList<>(value.size());
        value.forEach(each -> out.add(read.apply(each)));
        return List.copyOf(out);
    }

    static AnswerFormatException missing(String name, String wanted, JsonNode found) {
        return new AnswerFormatException("the answer's member " + name + " should be " + wanted + ", it is "
                + (found.isMissingNode() ? "missing" : shown(found.toString())), null);
    }
}
