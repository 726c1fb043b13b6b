package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.receipt.ReceiptAttachment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A response that has ended, as it is kept. The arrays must not be changed.
 *
 * @param owner     of {@link ResponseCaller#owner()}
 * @param previous  the response it continues
 * @param receiptId of its receipt, where it has one
 * @param response  the JSON that was answered
 * @param input     the JSON array of the items of its request, ids included
 * @param ids       of its items, as far as this node made them
 */
public record StoredResponse(
        String id, String owner, Optional<String> previous, Optional<String> receiptId, byte[] response, byte[] input, List<String> ids) {
    private static final int OVERHEAD = 2048;
    private static final int ID_BYTES = 160;

    /** Memory it takes, more or less. */
    long bytes() {
        return (long) response.length + input.length + OVERHEAD + (long) ID_BYTES * ids.size();
    }

    /** The items of its request. */
    public List<ObjectNode> inputItems() {
        return objects(parse(input));
    }

    /** The items of its answer. */
    public List<ObjectNode> outputItems() {
        return objects(parse(response).path("output"));
    }

    /** The response without its receipt. */
    public ObjectNode bare() {
        return ((ObjectNode) parse(response)).without(ReceiptAttachment.MEMBER);
    }

    /** By their ids. */
    Map<String, ObjectNode> items() {
        Map<String, ObjectNode> items = new HashMap<>();
        inputItems().forEach(item -> items.put(item.path("id").asText(), item));
        outputItems().forEach(item -> items.put(item.path("id").asText(), item));
        return items;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return StrictJson.parse(json);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("what this node wrote is JSON", e);
        }
    }

    private static List<ObjectNode> objects(JsonNode array) {
        List<ObjectNode> objects = new ArrayList<>();
        array.forEach(each -> objects.add((ObjectNode) each));
        return objects;
    }
}
