package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.TreeMap;

/** Puts the deltas of a stream together to the messages that the same answer would have had unstreamed. */
final class ChoicesAssembler {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<Integer, ObjectNode> messages = new TreeMap<>();
    private final Map<Integer, Map<Integer, ObjectNode>> toolCalls = new TreeMap<>();
    private final Map<Integer, String> finishReasons = new TreeMap<>();
    /** Long texts are built here: a delta is often a single character. */
    private final Map<Integer, Map<String, StringBuilder>> texts = new TreeMap<>();

    void chunk(JsonNode chunk) throws ReceiptVerificationException {
        if (chunk.has("error")) {
            throw new ReceiptVerificationException("the stream carries an error instead of an answer: " + chunk.path("error").path("message").asText());
        }
        for (JsonNode choice : chunk.path("choices")) {
            int index = CanonicalChoices.index(choice);
            messages.computeIfAbsent(index, i -> JSON.objectNode());
            delta(index, choice.path("delta"));
            if (choice.path("finish_reason").isTextual()) {
                finishReasons.put(index, choice.get("finish_reason").textValue());
            }
        }
    }

    private void delta(int index, JsonNode delta) throws ReceiptVerificationException {
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (value.isNull()) {
                continue;
            }
            if (name.equals("tool_calls")) {
                for (JsonNode call : value) {
                    toolCall(index, call);
                }
            } else if (value.isTextual() && !name.equals("role")) {
                texts.computeIfAbsent(index, i -> new TreeMap<>()).computeIfAbsent(name, n -> new StringBuilder()).append(value.textValue());
            } else {
                messages.get(index).set(name, value);
            }
        }
    }

    private void toolCall(int index, JsonNode delta) throws ReceiptVerificationException {
        int position = CanonicalChoices.index(delta);
        ObjectNode call = toolCalls.computeIfAbsent(index, i -> new TreeMap<>()).computeIfAbsent(position, p -> JSON.objectNode());
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            if (member.getKey().equals("function")) {
                ObjectNode function = call.withObjectProperty("function");
                for (Map.Entry<String, JsonNode> part : member.getValue().properties()) {
                    appendOrSet(function, part.getKey(), part.getValue());
                }
            } else if (!member.getKey().equals("index") && !member.getValue().isNull()) {
                call.set(member.getKey(), member.getValue());
            }
        }
    }

    private static void appendOrSet(ObjectNode target, String name, JsonNode value) {
        JsonNode before = target.get(name);
        boolean append = name.equals("arguments") && before != null && before.isTextual() && value.isTextual();
        if (!value.isNull()) {
            target.set(name, append ? TextNode.valueOf(before.textValue() + value.textValue()) : value);
        }
    }

    ArrayNode choices() {
        ArrayNode out = JSON.arrayNode();
        messages.forEach((index, message) -> {
            texts.getOrDefault(index, Map.of()).forEach((name, text) -> message.put(name, text.toString()));
            if (toolCalls.containsKey(index)) {
                message.putArray("tool_calls").addAll(toolCalls.get(index).values());
            }
            String finish = finishReasons.get(index);
            out.add(CanonicalChoices.choice(index, finish == null ? NullNode.getInstance() : TextNode.valueOf(finish), message));
        });
        return out;
    }
}
