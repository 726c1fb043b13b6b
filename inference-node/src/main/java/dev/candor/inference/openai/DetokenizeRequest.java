package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;

/** A request for the text of tokens. */
public record DetokenizeRequest(String model, int[] tokens) {
    /** Tokens of one request. */
    public static final int MAX_TOKENS = 1 << 20;

    /**
     * Reads the body of {@code POST /detokenize}.
     *
     * @throws ApiException naming the member at fault
     */
    public static DetokenizeRequest parse(Fields fields) throws ApiException {
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        JsonNode given = fields.get("tokens").orElseThrow(() -> fields.missing("tokens"));
        if (!given.isArray()) {
            throw fields.wrongType("tokens", "an array of token ids", given);
        }
        if (given.size() > MAX_TOKENS) {
            throw fields.invalid("tokens", "may have at most " + MAX_TOKENS + " token ids, got " + given.size());
        }
        int[] tokens = new int[given.size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = token(fields, "tokens[" + i + "]", given.get(i));
        }
        return new DetokenizeRequest(model, tokens);
    }

    private static int token(Fields fields, String name, JsonNode id) throws ApiException {
        if (!id.isIntegralNumber()) {
            throw fields.wrongType(name, "a token id", id);
        }
        if (!id.canConvertToInt() || id.intValue() < 0) {
            throw fields.invalid(name, "must be a token id, got " + id);
        }
        return id.intValue();
    }
}
