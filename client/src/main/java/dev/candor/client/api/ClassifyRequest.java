package dev.candor.client.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Texts to be put into classes.
 *
 * @param model as {@code /v1/models} names it
 * @param mode  in place of the client's own, where it is given; {@link InferenceMode#REPLAY} is refused
 */
public record ClassifyRequest(String model, List<String> inputs, Optional<InferenceMode> mode) {
    /** Copies the texts. @throws IllegalArgumentException if there are none */
    public ClassifyRequest {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("there is no text to be classified");
        }
        inputs = List.copyOf(inputs);
    }

    /** Some texts. */
    public static ClassifyRequest of(String model, String... inputs) {
        return new ClassifyRequest(model, List.of(inputs), Optional.empty());
    }

    /** As it is sent, but for {@code verification}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model);
        ArrayNode list = json.putArray("input");
        inputs.forEach(list::add);
        return json;
    }
}
