package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;

/**
 * Reads the body of {@code POST /v1/chat/completions}. Members that the node does not know are accepted and listed; those that would
 * change the answer in a way it does not know of are refused. Thread-safe.
 */
public final class ChatRequestParser {
    private static final int MAX_TOP_LOGPROBS = 20;

    private final Json json;

    public ChatRequestParser(Json json) {
        this.json = json;
    }

    /** @throws ApiException naming the member at fault */
    public ChatRequest parse(byte[] body) throws ApiException {
        Fields fields = new Fields(json.object(body), "");
        GenerationFields common = new GenerationFields(fields);
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        refuseUnsupported(fields);
        checkIgnored(fields);
        return new ChatRequest(
                fields.object(),
                model,
                new Conversation(fields).read(),
                common.streaming(),
                common.maxTokens(),
                common.decoding(),
                common.choices(),
                logprobs(fields),
                common.verification(),
                common.service(),
                fields.unread());
    }

    private static OptionalInt logprobs(Fields fields) throws ApiException {
        boolean wanted = fields.flag("logprobs", false);
        OptionalInt top = fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top.isPresent() && top.getAsInt() > 0 && !wanted) {
            throw fields.invalid("top_logprobs", "is only allowed when 'logprobs' is true");
        }
        return wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
    }

    private static void refuseUnsupported(Fields fields) throws ApiException {
        refuseFilled(fields, "tools");
        refuseFilled(fields, "functions");
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
