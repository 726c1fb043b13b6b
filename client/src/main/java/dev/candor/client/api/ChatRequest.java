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
 * A question to a chat model.
 *
 * {@snippet file="dev/candor/client/examples/ChatExample.java" region="request"}
 *
 * @param model   {@code publisher/name@version}, as {@code /v1/models} names it
 * @param options further members, by their names on the wire
 * @param mode    in place of the client's own, where it is given
 */
public record ChatRequest(
        String model,
        List<ChatMessage> messages,
        List<Tool> tools,
        Optional<ToolChoice> toolChoice,
        Optional<ResponseFormat> format,
        Map<String, JsonNode> options,
        Optional<InferenceMode> mode) {

    /** Copies what it is given. @throws IllegalArgumentException if there are no messages */
    public ChatRequest {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a chat needs at least one message");
        }
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        options = Map.copyOf(options);
    }

    /** One question. */
    public static ChatRequest of(String model, String question) {
        return builder(model).ask(question).build();
    }

    /** Begins a request. */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** The same with further messages, for the next turn of a conversation. */
    public ChatRequest plus(ChatMessage... further) {
        List<ChatMessage> all = new ArrayList<>(messages);
        all.addAll(List.of(further));
        return new ChatRequest(model, all, tools, toolChoice, format, options, mode);
    }

    /** The same in another form. */
    public ChatRequest withFormat(ResponseFormat other) {
        return new ChatRequest(model, messages, tools, toolChoice, Optional.of(other), options, mode);
    }

    /** As it is sent, but for {@code stream} and {@code verification}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model);
        ArrayNode list = json.putArray("messages");
        messages.forEach(message -> list.add(message.json()));
        options.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(option -> json.set(option.getKey(), option.getValue().deepCopy()));
        if (!tools.isEmpty()) {
            ArrayNode defined = json.putArray("tools");
            tools.forEach(tool -> defined.add(tool.json()));
        }
        toolChoice.ifPresent(choice -> json.set("tool_choice", choice.json()));
        format.ifPresent(value -> json.set("response_format", value.json()));
        return json;
    }

    /** Collects what is asked. Not thread-safe. */
    public static final class Builder extends GenerationOptions<Builder> {
        private final String model;
        private final List<ChatMessage> messages = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private Optional<ToolChoice> toolChoice = Optional.empty();
        private Optional<ResponseFormat> format = Optional.empty();

        private Builder(String model) {
            this.model = model;
        }

        @Override
        Builder self() {
            return this;
        }

        /** Adds a message. */
        public Builder message(ChatMessage message) {
            messages.add(message);
            return this;
        }

        /** Adds messages. */
        public Builder messages(List<ChatMessage> more) {
            messages.addAll(more);
            return this;
        }

        /** Adds instructions. */
        public Builder system(String text) {
            return message(ChatMessage.system(text));
        }

        /** Adds what a person says. */
        public Builder ask(String text) {
            return message(ChatMessage.user(text));
        }

        /** Adds a tool that may be called. */
        public Builder tool(Tool tool) {
            tools.add(tool);
            return this;
        }

        /** Whether tools are called, and which ({@code tool_choice}); without it the model decides. */
        public Builder toolChoice(ToolChoice choice) {
            toolChoice = Optional.of(choice);
            return this;
        }

        /** Whether several tools may be called at once. */
        public Builder parallelToolCalls(boolean allowed) {
            return option("parallel_tool_calls", JsonNodeFactory.instance.booleanNode(allowed));
        }

        /** The form of the answer's text. */
        public Builder format(ResponseFormat value) {
            format = Optional.of(value);
            return this;
        }

        /** Asks for the odds of so many of the likeliest tokens at each place, and of the one taken; see {@link ChatChoice#logprobs()}. */
        public Builder topLogprobs(int tokens) {
            option("logprobs", JsonNodeFactory.instance.booleanNode(true));
            return option("top_logprobs", JsonNodeFactory.instance.numberNode(tokens));
        }

        /** The request. @throws IllegalArgumentException if there are no messages */
        public ChatRequest build() {
            return new ChatRequest(model, messages, tools, toolChoice, format, new LinkedHashMap<>(options()), chosenMode());
        }
    }
}
