package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads {@code content} of a message as text. */
record MessageContent(Fields message) {
    /** @param assistant whether there may be none, or a refusal */
    String read(boolean assistant) throws ApiException {
        JsonNode content = message.get("content").orElse(null);
        if (content == null) {
            if (!assistant) {
                throw message.missing("content");
            }
            return message.text("refusal").orElse("");
        }
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw message.wrongType("content", "a string or an array of parts", content);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            text.append(part("content[" + i + "]", content.get(i), assistant));
        }
        return text.toString();
    }

    private String part(String name, JsonNode node, boolean assistant) throws ApiException {
        Fields part = message.inner(name, node);
        String type = part.text("type").orElseThrow(() -> part.missing("type"));
        if (assistant && type.equals("refusal")) {
            return part.text("refusal").orElseThrow(() -> part.missing("refusal"));
        }
        if (!type.equals("text")) {
            throw new ApiException(ErrorCode.UNSUPPORTED_CONTENT,
                    "This model reads text only: a part of type '" + type + "' is not supported.", part.prefix() + "type");
        }
        return part.text("text").orElseThrow(() -> part.missing("text"));
    }
}
