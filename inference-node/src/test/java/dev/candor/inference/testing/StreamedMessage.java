package dev.candor.inference.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Puts the deltas of a stream together as OpenAI's clients do: texts are appended, calls go by their index. */
public final class StreamedMessage {
    private StreamedMessage() {}

    /** @param delta of one chunk */
    public static void add(ObjectNode message, JsonNode delta) {
        delta.properties().forEach(member -> {
            switch (member.getKey()) {
                case "tool_calls" -> member.getValue().forEach(call -> addCall(message.withArray("tool_calls"), call));
                case "function_call" -> add(message.withObject("/function_call"), member.getValue());
                default -> message.put(member.getKey(), message.path(member.getKey()).asText("") + member.getValue().asText(""));
            }
        });
    }

    private static void addCall(ArrayNode calls, JsonNode delta) {
        int index = delta.path("index").asInt();
        if (index == calls.size()) {
            calls.addObject().put("id", delta.path("id").asText()).put("type", delta.path("type").asText());
        }
        add(calls.get(index).withObject("/function"), delta.path("function"));
    }
}
