package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ItemIds;
import dev.candor.inference.openai.responses.ResponseCaller;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.inference.openai.responses.StoredResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps one response for later, if it is to be kept.
 *
 * @param wanted   whether the request lets it be kept
 * @param asker    who asked for it
 * @param previous the response it continues
 * @param input    the items of its request
 */
record ResponseKeeping(
        ResponseStore store, boolean wanted, ResponseCaller asker, Optional<String> previous, List<ObjectNode> input, Json json) {
    /**
     * Keeps the response, which is final now.
     *
     * @param response the object {@code response}
     * @param answered its bytes as they are to be given again
     */
    void keep(Order order, ObjectNode response, byte[] answered) {
        if (!wanted) {
            return;
        }
        String id = response.path("id").textValue();
        ItemIds ids = new ItemIds(id);
        List<ObjectNode> items = new ArrayList<>();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            ObjectNode item = ids.identified(input.get(i), i);
            items.add(item);
            if (!input.get(i).hasNonNull("id")) {
                made.add(item.path("id").textValue());
            }
        }
        response.path("output").forEach(item -> made.add(item.path("id").textValue()));
        Optional<String> receipt = order.wantsReceipt() ? Optional.of(order.receiptId().value()) : Optional.empty();
        store.put(new StoredResponse(
                id, ResponseCallers.of(asker, order).owner(), previous, receipt, answered, json.bytes(response.arrayNode().addAll(items)), made));
    }
}
