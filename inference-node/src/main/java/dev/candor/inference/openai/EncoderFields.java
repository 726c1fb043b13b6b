package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Reads the members that requests to encoder models share. */
final class EncoderFields {
    /** As OpenAI bounds them. */
    static final int MAX_INPUTS = 2048;

    private final Fields fields;

    EncoderFields(ObjectNode body) {
        this.fields = new Fields(body, "");
    }

    Fields fields() {
        return fields;
    }

    EncoderRequest common() throws ApiException {
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        fields.text("user");
        return new EncoderRequest(fields.object(), model, truncate(), verification());
    }

    private OptionalInt truncate() throws ApiException {
        OptionalInt asked = fields.integer("truncate_prompt_tokens", EncoderRequest.TO_THE_LIMIT, Integer.MAX_VALUE);
        if (asked.isPresent() && asked.getAsInt() == 0) {
            throw fields.invalid("truncate_prompt_tokens", "must be -1 for the model's own limit, or at least 1");
        }
        return asked;
    }

    private Verification verification() throws ApiException {
        String word = fields.text("verification").orElse(Verification.TEE.wire());
        for (Verification mode : List.of(Verification.NONE, Verification.TEE)) {
            if (mode.wire().equals(word)) {
                return mode;
            }
        }
        throw fields.invalid("verification", "must be 'none' or 'tee' here, got '" + word + "'");
    }

    /** A string, an array of strings, an array of token ids, or an array of such arrays. */
    List<EncoderText> input() throws ApiException {
        JsonNode input = fields.get("input").orElseThrow(() -> fields.missing("input"));
        if (input.isTextual()) {
            return List.of(plain("input", input));
        }
        if (!input.isArray()) {
            throw fields.wrongType("input", "a string, an array of strings, an array of token ids or an array of such arrays", input);
        }
        if (input.isEmpty()) {
            throw fields.invalid("input", "must not be empty");
        }
        if (input.get(0).isNumber()) {
            return List.of(tokens("input", input));
        }
        requireFew("input", input);
        List<EncoderText> inputs = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            String name = "input[" + i + "]";
            JsonNode each = input.get(i);
            inputs.add(each.isArray() ? tokens(name, each) : plain(name, each));
        }
        return inputs;
    }

    void requireFew(String name, JsonNode array) throws ApiException {
        if (array.size() > MAX_INPUTS) {
            throw fields.invalid(name, "may have at most " + MAX_INPUTS + " entries, got " + array.size());
        }
    }

    EncoderText.Plain plain(String name, JsonNode node) throws ApiException {
        if (!node.isTextual()) {
            throw fields.wrongType(name, "a string", node);
        }
        if (node.textValue().isEmpty()) {
            throw fields.invalid(name, "must not be an empty string");
        }
        return new EncoderText.Plain(node.textValue());
    }

    private EncoderText.Tokens tokens(String name, JsonNode array) throws ApiException {
        if (array.isEmpty()) {
            throw fields.invalid(name, "must not be empty");
        }
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = array.get(i);
            if (!id.isIntegralNumber()) {
                throw fields.wrongType(name + "[" + i + "]", "a token id", id);
            }
            if (!id.canConvertToInt() || id.intValue() < 0) {
                throw fields.invalid(name + "[" + i + "]", "must be a token id, got " + id);
            }
            ids[i] = id.intValue();
        }
        return new EncoderText.Tokens(ids);
    }
}
