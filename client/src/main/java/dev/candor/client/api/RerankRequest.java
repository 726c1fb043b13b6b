package dev.candor.client.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Documents to be put in the order of how well they answer a query.
 *
 * @param model as {@code /v1/models} names it
 * @param top   so many of the best
 * @param mode  in place of the client's own, where it is given; {@link InferenceMode#REPLAY} is refused
 */
public record RerankRequest(String model, String query, List<String> documents, OptionalInt top, Optional<InferenceMode> mode) {
    /** Copies the documents. @throws IllegalArgumentException if there are none */
    public RerankRequest {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("there is no document to be ranked");
        }
        documents = List.copyOf(documents);
    }

    /** All documents in their order. */
    public static RerankRequest of(String model, String query, String... documents) {
        return new RerankRequest(model, query, List.of(documents), OptionalInt.empty(), Optional.empty());
    }

    /** As it is sent, but for {@code verification}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model).put("query", query);
        ArrayNode list = json.putArray("documents");
        documents.forEach(list::add);
        top.ifPresent(value -> json.put("top_n", value));
        return json;
    }
}
