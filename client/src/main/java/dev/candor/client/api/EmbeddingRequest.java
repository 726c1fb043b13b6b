package dev.candor.client.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Texts to be made vectors of.
 *
 * @param model      as {@code /v1/models} names it
 * @param inputs     at least one
 * @param dimensions to which the vectors are shortened, for models that can
 * @param mode       in place of the client's own, where it is given; {@link InferenceMode#REPLAY} is refused
 */
public record EmbeddingRequest(String model, List<String> inputs, OptionalInt dimensions, Optional<InferenceMode> mode) {
    /** Copies the texts. @throws IllegalArgumentException if there are none */
    public EmbeddingRequest {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("there is no text to be made a vector of");
        }
        inputs = List.copyOf(inputs);
    }

    /** Whole vectors of some texts. */
    public static EmbeddingRequest of(String model, String... inputs) {
        return new EmbeddingRequest(model, List.of(inputs), OptionalInt.empty(), Optional.empty());
    }

    /** As it is sent, but for {@code verification}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model).put("encoding_format", "base64");
        ArrayNode list = json.putArray("input");
        inputs.forEach(list::add);
        dimensions.ifPresent(value -> json.put("dimensions", value));
        return json;
    }
}
