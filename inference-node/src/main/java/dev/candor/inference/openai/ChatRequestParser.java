package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads the body of {@code POST /v1/chat/completions}. Members that the node does not know are accepted; those that would
 * change the answer in a way it does not implement are refused. Thread-safe.
 */
public final class ChatRequestParser {
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_LENGTH = 256;
    private static final int MAX_SALT = 256;
    private static final double SMALLEST_POSITIVE = 1e-9;

    private final Json json;

    public ChatRequestParser(Json json) {
        this.json = json;
    }

    /** @throws ApiException naming the member at fault */
    public ChatRequest parse(byte[] body) throws ApiException {
        Fields fields = new Fields(json.object(body), "");
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        boolean stream = fields.flag("stream", false);
        refuseUnsupported(fields);
        checkIgnored(fields);
        return new ChatRequest(
                fields.object(),
                model,
                new Conversation(fields).read(),
                stream,
                includeUsage(fields, stream),
                maxTokens(fields),
                sampling(fields),
                fields.longInteger("seed"),
                stop(fields),
                fields.integer("min_tokens", 0, Integer.MAX_VALUE).orElse(0),
                fields.flag("ignore_eos", false),
                verification(fields),
                new ChatRequest.Service(priority(fields), cacheSalt(fields)));
    }

    private static ChatRequest.Sampling sampling(Fields fields) throws ApiException {
        return new ChatRequest.Sampling(
                fields.number("temperature", 1, 0, 2),
                fields.number("top_p", 1, 0, 1),
                Math.max(0, fields.integer("top_k", -1, Integer.MAX_VALUE).orElse(0)),
                fields.number("min_p", 0, 0, 1),
                fields.number("frequency_penalty", 0, -2, 2),
                fields.number("presence_penalty", 0, -2, 2),
                fields.number("repetition_penalty", 1, SMALLEST_POSITIVE, 10));
    }

    private static boolean includeUsage(Fields fields, boolean stream) throws ApiException {
        JsonNode options = fields.get("stream_options").orElse(null);
        if (options == null) {
            return false;
        }
        if (!(options instanceof ObjectNode object)) {
            throw fields.wrongType("stream_options", "an object", options);
        }
        if (!stream) {
            throw fields.invalid("stream_options", "is only allowed when 'stream' is true");
        }
        return new Fields(object, "stream_options.").flag("include_usage", false);
    }

    private static OptionalInt maxTokens(Fields fields) throws ApiException {
        OptionalInt newer = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt older = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (newer.isPresent() && older.isPresent() && newer.getAsInt() != older.getAsInt()) {
            throw fields.invalid("max_completion_tokens", "differs from 'max_tokens': give one of them");
        }
        return newer.isPresent() ? newer : older;
    }

    private static List<String> stop(Fields fields) throws ApiException {
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

    private static Priority priority(Fields fields) throws ApiException {
        String tier = fields.text("service_tier").orElse("auto");
        return switch (tier) {
            case "auto", "default", "priority", "scale" -> Priority.INTERACTIVE;
            case "flex" -> Priority.BATCH;
            default -> throw fields.invalid("service_tier", "must be 'auto', 'default', 'priority', 'scale' or 'flex', got '" + tier + "'");
        };
    }

    private static String cacheSalt(Fields fields) throws ApiException {
        String salt = fields.text("cache_salt").orElse(null);
        if (salt == null) {
            return "";
        }
        if (salt.isEmpty() || salt.length() > MAX_SALT) {
            throw fields.invalid("cache_salt", "must have 1 to " + MAX_SALT + " characters");
        }
        return salt;
    }

    private static Verification verification(Fields fields) throws ApiException {
        String word = fields.text("verification").orElse(Verification.TEE.wire());
        for (Verification mode : Verification.values()) {
            if (mode.wire().equals(word)) {
                return mode;
            }
        }
        throw fields.invalid("verification", "must be 'none', 'tee' or 'replay', got '" + word + "'");
    }

    private static void refuseUnsupported(Fields fields) throws ApiException {
        if (fields.integer("n", 1, Integer.MAX_VALUE).orElse(1) != 1) {
            throw fields.unsupported("n", "other than 1 is not supported: send the request once for each answer");
        }
        if (fields.flag("logprobs", false) || fields.get("top_logprobs").isPresent()) {
            throw fields.unsupported("logprobs", "is not supported");
        }
        refuseFilled(fields, "tools");
        refuseFilled(fields, "functions");
        refuseFilled(fields, "logit_bias");
        JsonNode format = fields.get("response_format").orElse(null);
        if (format != null && !format.path("type").asText().equals("text")) {
            throw fields.unsupported("response_format", "other than {\"type\":\"text\"} is not supported");
        }
        JsonNode modalities = fields.get("modalities").orElse(null);
        if (modalities != null && !(modalities.size() == 1 && modalities.path(0).asText().equals("text"))) {
            throw fields.unsupported("modalities", "other than [\"text\"] is not supported");
        }
    }

    private static void refuseFilled(Fields fields, String name) throws ApiException {
        JsonNode node = fields.get(name).orElse(null);
        if (node == null) {
            return;
        }
        if (!node.isContainerNode()) {
            throw fields.wrongType(name, "an array or an object", node);
        }
        if (!node.isEmpty()) {
            throw fields.unsupported(name, "is not supported");
        }
    }

    private static void checkIgnored(Fields fields) throws ApiException {
        fields.text("user");
        JsonNode metadata = fields.get("metadata").orElse(null);
        if (metadata != null && !metadata.isObject()) {
            throw fields.wrongType("metadata", "an object", metadata);
        }
    }
}
