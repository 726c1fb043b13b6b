package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;

/**
 * Reads the body of {@code POST /v1/chat/completions}. Members that the node does not know are accepted and listed. Thread-safe.
 */
public final class ChatRequestParser {
    private static final int MAX_TOP_LOGPROBS = 20;

    private final Json json;

    public ChatRequestParser(Json json) {
        this.json = json;
    }

    /** @throws ApiException naming the member at fault */
    public ChatRequest parse(byte[] body) throws ApiException {
        return parse(json.object(body));
    }

    /** @throws ApiException naming the member at fault */
    public ChatRequest parse(ObjectNode body) throws ApiException {
        Fields fields = new Fields(body, "");
        GenerationFields common = new GenerationFields(fields);
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        checkWithoutEffect(fields);
        common.requireNoSearch();
        return new ChatRequest(
                model,
                PromptFields.read(fields),
                common.streaming(),
                common.maxTokens(),
                common.decoding(),
                common.choices(),
                logprobs(fields),
                new FormatFields(fields).read(),
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

    /** Members that are to have no effect on the answer, and those that could have one which this node's models do not. */
    private static void checkWithoutEffect(Fields fields) throws ApiException {
        fields.text("user");
        fields.text("safety_identifier");
        fields.text("prompt_cache_key");
        JsonNode metadata = fields.get("metadata").orElse(null);
        if (metadata != null && !metadata.isObject()) {
            throw fields.wrongType("metadata", "an object", metadata);
        }
        JsonNode modalities = fields.get("modalities").orElse(null);
        if (modalities != null && !(modalities.size() == 1 && modalities.path(0).asText().equals("text"))) {
            throw fields.unsupported("modalities", "other than [\"text\"] is not supported: this node's models write text");
        }
        if (fields.get("audio").isPresent()) {
            throw fields.unsupported("audio", "is not supported: this node's models write text");
        }
    }
}
