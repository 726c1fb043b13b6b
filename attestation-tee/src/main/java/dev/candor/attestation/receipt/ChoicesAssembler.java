package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.TreeMap;

/** Puts the deltas of a stream together to the messages, or the texts, that the same answer would have had unstreamed. */
final class ChoicesAssembler {
    private final Operation operation;
    private final Map<Integer, Choice> choices = new TreeMap<>();

    /** @param operation {@link Operation#CHAT} or {@link Operation#COMPLETION} */
    ChoicesAssembler(Operation operation) {
        this.operation = operation;
    }

    void chunk(JsonNode chunk) throws ReceiptVerificationException {
        if (chunk.has("error")) {
            throw new ReceiptVerificationException("the stream carries an error instead of an answer: " + chunk.path("error").path("message").asText());
        }
        for (JsonNode delta : chunk.path("choices")) {
            Choice choice = choices.computeIfAbsent(CanonicalChoices.index(delta), i -> new Choice());
            if (operation == Operation.CHAT) {
                choice.delta(delta.path("delta"));
            } else if (delta.path("text").isTextual()) {
                choice.text.append(delta.get("text").textValue());
            }
            if (delta.path("finish_reason").isTextual()) {
                choice.finish = delta.get("finish_reason");
            }
        }
    }

    ArrayNode choices() {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        choices.forEach((index, choice) -> out.add(operation == Operation.CHAT
                ? CanonicalChoices.choice(index, choice.finish, choice.message())
                : CanonicalChoices.choice(index, choice.finish, choice.text.toString())));
        return out;
    }

    private static final class Choice {
        private final StringBuilder text = new StringBuilder();
        private final GrowingObject message = new GrowingObject();
        private final Map<Integer, ToolCall> toolCalls = new TreeMap<>();
        private final Function functionCall = new Function();
        private JsonNode finish = NullNode.getInstance();

        void delta(JsonNode delta) throws ReceiptVerificationException {
            for (Map.Entry<String, JsonNode> member : delta.properties()) {
                if (member.getKey().equals("tool_calls")) {
                    for (JsonNode call : member.getValue()) {
                        toolCalls.computeIfAbsent(CanonicalChoices.index(call), i -> new ToolCall()).delta(call);
                    }
                } else if (member.getKey().equals("function_call")) {
                    functionCall.delta(member.getValue());
                } else {
                    message.add(member.getKey(), member.getValue(), !member.getKey().equals("role"));
                }
            }
        }

        JsonNode message() {
            if (!toolCalls.isEmpty()) {
                ArrayNode calls = JsonNodeFactory.instance.arrayNode();
                toolCalls.values().forEach(call -> calls.add(call.json()));
                message.add("tool_calls", calls, false);
            }
            functionCall.addTo(message, "function_call");
            return message.json();
        }
    }

    private static final class ToolCall {
        private final GrowingObject call = new GrowingObject();
        private final Function function = new Function();

        void delta(JsonNode delta) {
            for (Map.Entry<String, JsonNode> member : delta.properties()) {
                if (member.getKey().equals("function")) {
                    function.delta(member.getValue());
                } else if (!member.getKey().equals("index")) {
                    call.add(member.getKey(), member.getValue(), false);
                }
            }
        }

        JsonNode json() {
            function.addTo(call, "function");
            return call.json();
        }
    }

    /** What is called, and with which arguments. */
    private static final class Function {
        private final GrowingObject parts = new GrowingObject();
        private boolean called;

        void delta(JsonNode delta) {
            called |= delta.isObject();
            delta.properties().forEach(part -> parts.add(part.getKey(), part.getValue(), part.getKey().equals("arguments")));
        }

        void addTo(GrowingObject target, String name) {
            if (called) {
                target.add(name, parts.json(), false);
            }
        }
    }

    /** An object whose texts come in pieces, often of a single character. */
    private static final class GrowingObject {
        private final Map<String, StringBuilder> texts = new TreeMap<>();
        private final Map<String, JsonNode> values = new TreeMap<>();

        /** @param grows whether a text goes behind the one that is there, or replaces it */
        void add(String name, JsonNode value, boolean grows) {
            if (value.isTextual() && grows) {
                texts.computeIfAbsent(name, n -> new StringBuilder()).append(value.textValue());
            } else if (!value.isNull()) {
                values.put(name, value);
            }
        }

        JsonNode json() {
            ObjectNode out = JsonNodeFactory.instance.objectNode();
            values.forEach(out::set);
            texts.forEach((name, text) -> out.set(name, TextNode.valueOf(text.toString())));
            return out;
        }
    }
}
