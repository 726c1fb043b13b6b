package dev.candor.inference.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Special tokens that say what the text after them is: a tool call, its arguments, what the model thinks. A decoder shows them, since
 * without them nobody could tell an answer's parts apart.
 */
final class FormatMarkers {
    private static final Set<String> SHOWN = Set.of(
            "<tool_call>", "</tool_call>", "<think>", "</think>", "[THINK]", "[/THINK]", "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "<|python_tag|>",
            "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>");

    private FormatMarkers() {}

    /**
     * Those among the special tokens of a {@code tokenizer.json}, by id.
     *
     * @throws IOException if it is not JSON up to its {@code added_tokens}
     */
    static Map<Integer, String> in(byte[] json) throws IOException {
        try (JsonParser parser = new JsonFactory(new ObjectMapper()).createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Map.of();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean added = parser.currentName().equals("added_tokens");
                parser.nextToken();
                if (added) {
                    return shown(parser.readValueAsTree());
                }
                parser.skipChildren();
            }
        }
        return Map.of();
    }

    private static Map<Integer, String> shown(JsonNode added) {
        Map<Integer, String> shown = new HashMap<>();
        for (JsonNode token : added) {
            String text = token.path("content").asText();
            if (token.path("special").asBoolean() && SHOWN.contains(text)) {
                shown.put(token.path("id").asInt(-1), text);
            }
        }
        return Map.copyOf(shown);
    }
}
