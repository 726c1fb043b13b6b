package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.Priority;
import dev.candor.inference.engine.sampling.LogitBias;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads the members that all requests for generated tokens share. */
public final class GenerationFields {
    /** Answers to one request. */
    public static final int MAX_CHOICES = 128;

    private static final String NO_SEARCH = "is not supported: this node's models know only what is in the request";
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_LENGTH = 256;
    private static final int MAX_SALT = 256;
    private static final Pattern TOKEN_ID = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final double SMALLEST_POSITIVE = 1e-9;

    private final Fields fields;

    public GenerationFields(Fields fields) {
        this.fields = fields;
    }

    public Decoding decoding() throws ApiException {
        return new Decoding(
                fields.number("temperature", 1, 0, 2),
                fields.number("top_p", 1, 0, 1),
                Math.max(0, fields.integer("top_k", -1, Integer.MAX_VALUE).orElse(0)),
                fields.number("min_p", 0, 0, 1),
                fields.number("frequency_penalty", 0, -2, 2),
                fields.number("presence_penalty", 0, -2, 2),
                fields.number("repetition_penalty", 1, SMALLEST_POSITIVE, 10),
                fields.longInteger("seed"),
                bias(),
                stop(),
                fields.integer("min_tokens", 0, Integer.MAX_VALUE).orElse(0),
                fields.flag("ignore_eos", false));
    }

    /** {@code n}. */
    public int choices() throws ApiException {
        return fields.integer("n", 1, MAX_CHOICES).orElse(1);
    }

    public Streaming streaming() throws ApiException {
        boolean stream = fields.flag("stream", false);
        JsonNode options = fields.get("stream_options").orElse(null);
        if (options == null) {
            return new Streaming(stream, false);
        }
        if (!(options instanceof ObjectNode object)) {
            throw fields.wrongType("stream_options", "an object", options);
        }
        if (!stream) {
            throw fields.invalid("stream_options", "is only allowed when 'stream' is true");
        }
        return new Streaming(true, new Fields(object, "stream_options.").flag("include_usage", false));
    }

    public Service service() throws ApiException {
        return new Service(priority(), cacheSalt());
    }

    public Verification verification() throws ApiException {
        String word = fields.text("verification").orElse(Verification.TEE.wire());
        for (Verification mode : Verification.values()) {
            if (mode.wire().equals(word)) {
                return mode;
            }
        }
        throw fields.invalid("verification", "must be 'none', 'tee' or 'replay', got '" + word + "'");
    }

    /** @throws ApiException if the request wants the web to be searched, whose silent absence would look like an answer from it */
    void requireNoSearch() throws ApiException {
        if (fields.flag("web_search", false)) {
            throw fields.unsupported("web_search", NO_SEARCH);
        }
        if (fields.get("web_search_options").isPresent()) {
            throw fields.unsupported("web_search_options", NO_SEARCH);
        }
    }

    /** {@code max_completion_tokens}, or {@code max_tokens}. */
    public OptionalInt maxTokens() throws ApiException {
        OptionalInt newer = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt older = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (newer.isPresent() && older.isPresent() && newer.getAsInt() != older.getAsInt()) {
            throw fields.invalid("max_completion_tokens", "differs from 'max_tokens': give one of them");
        }
        return newer.isPresent() ? newer : older;
    }

    private LogitBias bias() throws ApiException {
        JsonNode node = fields.get("logit_bias").orElse(null);
        if (node == null) {
            return LogitBias.none();
        }
        if (!(node instanceof ObjectNode object)) {
            throw fields.wrongType("logit_bias", "an object of numbers by token id", node);
        }
        Map<Integer, Double> values = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!TOKEN_ID.matcher(entry.getKey()).matches()) {
                throw fields.invalid("logit_bias", "must have token ids as names, got '" + entry.getKey() + "'");
            }
            if (!entry.getValue().isNumber()) {
                throw fields.wrongType("logit_bias." + entry.getKey(), "a number", entry.getValue());
            }
            values.put(Integer.parseInt(entry.getKey()), entry.getValue().doubleValue());
        }
        try {
            return LogitBias.of(values);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, e.getMessage() + ".", "logit_bias");
        }
    }

    private List<String> stop() throws ApiException {
        JsonNode node = fields.get("stop").orElse(null);
        if (node == null) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode item : node.isArray() ? node : List.of(node)) {
            if (!item.isTextual()) {
                throw fields.wrongType("stop", "a string or an array of strings", item);
            }
            stops.add(item.textValue());
        }
        if (stops.size() > MAX_STOPS) {
            throw fields.invalid("stop", "may have at most " + MAX_STOPS + " strings, got " + stops.size());
        }
        if (stops.stream().anyMatch(text -> text.isEmpty() || text.length() > MAX_STOP_LENGTH)) {
            throw fields.invalid("stop", "may hold only strings of 1 to " + MAX_STOP_LENGTH + " characters");
        }
        return List.copyOf(stops);
    }

    private Priority priority() throws ApiException {
        String tier = fields.text("service_tier").orElse("auto");
        return switch (tier) {
            case "auto", "default", "priority", "scale" -> Priority.INTERACTIVE;
            case "flex" -> Priority.BATCH;
            default -> throw fields.invalid("service_tier", "must be 'auto', 'default', 'priority', 'scale' or 'flex', got '" + tier + "'");
        };
    }

    private String cacheSalt() throws ApiException {
        String salt = fields.text("cache_salt").orElse(null);
        if (salt == null) {
            return "";
        }
        if (salt.isEmpty() || salt.length() > MAX_SALT) {
            throw fields.invalid("cache_salt", "must have 1 to " + MAX_SALT + " characters");
        }
        return salt;
    }
}
