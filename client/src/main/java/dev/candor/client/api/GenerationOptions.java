package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What requests for generated text have in common. What is not set is left to the node, and the receipt says what it took.
 *
 * @param <B> the builder
 */
public abstract sealed class GenerationOptions<B extends GenerationOptions<B>> permits ChatRequest.Builder, CompletionRequest.Builder, ResponseRequest.Builder {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, JsonNode> options = new LinkedHashMap<>();
    private Optional<InferenceMode> mode = Optional.empty();

    GenerationOptions() {}

    abstract B self();

    Map<String, JsonNode> options() {
        return options;
    }

    Optional<InferenceMode> chosenMode() {
        return mode;
    }

    /** What proof the answer must come with, in place of the client's own choice. */
    public B mode(InferenceMode value) {
        mode = Optional.of(value);
        return self();
    }

    /** Tokens to generate at most; the price's cap follows from it. */
    public B maxTokens(int value) {
        return option("max_tokens", JSON.numberNode(value));
    }

    /** 0 for the likeliest token each time, 1 for the model's own odds, at most 2. */
    public B temperature(double value) {
        return option("temperature", JSON.numberNode(value));
    }

    /** Draw from the likeliest tokens whose odds come to this. */
    public B topP(double value) {
        return option("top_p", JSON.numberNode(value));
    }

    /** Draw from so many of the likeliest tokens. */
    public B topK(int value) {
        return option("top_k", JSON.numberNode(value));
    }

    /** Draw from tokens that are at least so likely against the likeliest. */
    public B minP(double value) {
        return option("min_p", JSON.numberNode(value));
    }

    /** The same seed and request give the same tokens at the same node. */
    public B seed(long value) {
        return option("seed", JSON.numberNode(value));
    }

    /** Texts at which the answer ends, without them. */
    public B stop(String... values) {
        ArrayNode list = JSON.arrayNode();
        for (String value : values) {
            list.add(value);
        }
        return option("stop", list);
    }

    /** Makes tokens less likely the more often they came, from -2 to 2. */
    public B frequencyPenalty(double value) {
        return option("frequency_penalty", JSON.numberNode(value));
    }

    /** Makes tokens less likely once they came, from -2 to 2. */
    public B presencePenalty(double value) {
        return option("presence_penalty", JSON.numberNode(value));
    }

    /** Makes tokens more or less likely, from -100 to 100 each. */
    public B logitBias(Map<Integer, Double> values) {
        ObjectNode bias = JSON.objectNode();
        values.forEach((token, value) -> bias.put(Integer.toString(token), value));
        return option("logit_bias", bias);
    }

    /** Answers to be given to the same request; each costs its own tokens. */
    public B n(int value) {
        return option("n", JSON.numberNode(value));
    }

    /** Whom the caller asks for, as it names them. */
    public B user(String value) {
        return option("user", JSON.textNode(value));
    }

    /**
     * Any other member of the request, for example {@code option("repetition_penalty", 1.1)}.
     *
     * @param value a {@code Map} with {@code String} keys, {@code Collection}, {@code CharSequence}, {@code Boolean}, null, or one of the JDK's usual
     *              numbers, in any nesting up to 100 deep; it is copied
     * @throws IllegalArgumentException for a member that has its own place, and for other values
     */
    public B option(String name, Object value) {
        return option(name, PlainJson.of(value));
    }

    /**
     * As {@link #option(String, Object)}, with a value that is JSON already.
     *
     * @param value a node of Jackson 2 ({@code com.fasterxml.jackson}), not of Jackson 3 ({@code tools.jackson})
     * @throws IllegalArgumentException for a member that has its own place
     */
    public B option(String name, JsonNode value) {
        if (List.of("model", "messages", "prompt", "stream", "stream_options", "verification", "tools", "response_format", "input", "previous_response_id").contains(name)) {
            throw new IllegalArgumentException("the member " + name + " is set by its own method");
        }
        options.put(name, PlainJson.of(value));
        return self();
    }
}
