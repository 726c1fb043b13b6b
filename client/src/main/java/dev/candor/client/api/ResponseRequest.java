package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A turn of a conversation that the node may remember ({@code /v1/responses}): the next turn names the one before by {@link Builder#after}.
 *
 * @param input    items as they are sent
 * @param previous id of the response that this one follows
 * @param options  further members, by their names on the wire
 * @param mode     in place of the client's own, where it is given
 */
public record ResponseRequest(
        String model, List<JsonNode> input, Optional<String> previous, List<Tool> tools, Map<String, JsonNode> options, Optional<InferenceMode> mode) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Copies what it is given. @throws IllegalArgumentException if there is no input */
    public ResponseRequest {
        if (input.isEmpty()) {
            throw new IllegalArgumentException("a response needs some input");
        }
        input = List.copyOf(input);
        tools = List.copyOf(tools);
        options = Map.copyOf(options);
    }

    /** One question. */
    public static ResponseRequest of(String model, String question) {
        return builder(model).ask(question).build();
    }

    /** Begins a request. */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** As it is sent, but for {@code verification}. */
    public ObjectNode json() {
        ObjectNode json = JSON.objectNode().put("model", model);
        ArrayNode items = json.putArray("input");
        input.forEach(item -> items.add(item.deepCopy()));
        previous.ifPresent(id -> json.put("previous_response_id", id));
        options.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(option -> json.set(option.getKey(), option.getValue().deepCopy()));
        if (!tools.isEmpty()) {
            ArrayNode defined = json.putArray("tools");
            tools.forEach(tool -> defined.add(flat(tool)));
        }
        return json;
    }

    /** Tools of responses are not nested as those of chats are. */
    private static ObjectNode flat(Tool tool) {
        ObjectNode nested = tool.json();
        ObjectNode flat = JSON.objectNode().put("type", "function");
        flat.setAll((ObjectNode) nested.get("function"));
        return flat;
    }

    /** Collects what is asked. Not thread-safe. */
    public static final class Builder extends GenerationOptions<Builder> {
        private final String model;
        private final List<JsonNode> input = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private Optional<String> previous = Optional.empty();

        private Builder(String model) {
            this.model = model;
        }

        @Override
        Builder self() {
            return this;
        }

        /** Adds what a person says. */
        public Builder ask(String text) {
            input.add(JSON.objectNode().put("type", "message").put("role", "user").put("content", text));
            return this;
        }

        /** Adds what a tool gave, as the answer to {@code call}. */
        public Builder result(ToolCall call, String result) {
            input.add(JSON.objectNode().put("type", "function_call_output").put("call_id", call.id()).put("output", result));
            return this;
        }

        /** Goes on after a response that the node remembers. */
        public Builder after(ResponseAnswer answer) {
            previous = Optional.of(answer.id());
            return this;
        }

        /** What the model is told before the conversation. */
        public Builder instructions(String text) {
            return option("instructions", JSON.textNode(text));
        }

        /** Whether the node remembers this turn, for a while; it does where nothing is said. */
        public Builder store(boolean value) {
            return option("store", JSON.booleanNode(value));
        }

        /** Adds a tool that may be called. */
        public Builder tool(Tool tool) {
            tools.add(tool);
            return this;
        }

        /** Whether tools are called; without it the model decides. */
        public Builder toolChoice(ToolChoice choice) {
            return option("tool_choice", choice.function()
                    .<JsonNode>map(name -> JSON.objectNode().put("type", "function").put("name", name))
                    .orElseGet(choice::json));
        }

        /** The form of the answer's text. */
        public Builder format(ResponseFormat format) {
            ObjectNode json = format.json();
            if (format instanceof ResponseFormat.JsonSchema) {
                ObjectNode flat = JSON.objectNode().put("type", "json_schema");
                flat.setAll((ObjectNode) json.get("json_schema"));
                json = flat;
            }
            ObjectNode text = JSON.objectNode();
            text.set("format", json);
            return option("text", text);
        }

        @Override
        public Builder maxTokens(int value) {
            return option("max_output_tokens", JSON.numberNode(value));
        }

        /** The request. @throws IllegalArgumentException if there is no input */
        public ResponseRequest build() {
            return new ResponseRequest(model, input, previous, tools, new LinkedHashMap<>(options()), chosenMode());
        }
    }
}
