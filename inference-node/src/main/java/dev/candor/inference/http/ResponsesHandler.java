package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ItemPage;
import dev.candor.inference.openai.responses.ResponseEvents;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.inference.openai.responses.RetoldResponse;
import dev.candor.inference.openai.responses.StoredResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Responses that are kept: {@code /v1/responses/{id}}, their items, and their end. */
record ResponsesHandler(ResponseStore store, Json json) {
    private static final String PATH = "/v1/responses/{id}";

    void mount(ApiRouter api) {
        api.get(PATH, "getResponse").identified().run(this::response);
        api.delete(PATH, "deleteResponse").identified().run(this::delete);
        api.get(PATH + "/input_items", "listResponseItems").identified().run(this::inputItems);
        api.post(PATH + "/cancel", "cancelResponse").identified().run(this::cancel);
    }

    private void response(Exchange exchange) throws ApiException {
        StoredResponse stored = find(exchange);
        boolean stream = exchange.query("stream").filter("true"::equals).isPresent();
        Reply plain = stream ? retold(stored, startingAfter(exchange)) : Reply.of(Reply.JSON, stored.response());
        Reply reply = plain.with("cache-control", "private, no-store");
        exchange.send(stored.receiptId().map(id -> reply.with("Candor-Receipt-Id", id)).orElse(reply));
    }

    private static int startingAfter(Exchange exchange) throws ApiException {
        String number = exchange.query("starting_after").orElse("-1");
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorCode.INVALID_TYPE, "'starting_after' must be the sequence_number of an event, got '" + number + "'.", "starting_after");
        }
    }

    private Reply retold(StoredResponse stored, int after) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        new RetoldResponse(stored.bare()).tell(new ResponseEvents((type, event) -> {
            if (event.path("sequence_number").intValue() > after) {
                stream.writeBytes(Sse.frame(type, json.bytes(event)));
            }
        }));
        stream.writeBytes(ReceiptAttachment.DONE.getBytes(StandardCharsets.US_ASCII));
        return new Reply(200, Sse.HEADERS, stream.toByteArray());
    }

    private void delete(Exchange exchange) throws ApiException {
        String id = exchange.pathParameter("id");
        if (!store.delete(id, ResponseCallers.of(exchange))) {
            throw notFound(id);
        }
        exchange.send(Reply.json(200, JsonNodeFactory.instance.objectNode().put("id", id).put("object", "response").put("deleted", true), json));
    }

    private void inputItems(Exchange exchange) throws ApiException {
        StoredResponse stored = find(exchange);
        ItemPage page = ItemPage.of(exchange.query("limit"), exchange.query("order"), exchange.query("after"), exchange.query("before"));
        exchange.send(Reply.json(200, page.of(stored.inputItems()), json).with("cache-control", "private, no-store"));
    }

    /** Only responses that are made in the background could be; this node makes none. */
    private void cancel(Exchange exchange) throws ApiException {
        find(exchange);
        throw new ApiException(ErrorCode.INVALID_VALUE, "Only responses that are made in the background can be cancelled, and this one has ended. To cancel a "
                + "response at work, close its connection.", "id");
    }

    private StoredResponse find(Exchange exchange) throws ApiException {
        String id = exchange.pathParameter("id");
        return store.find(id, ResponseCallers.of(exchange)).orElseThrow(() -> notFound(id));
    }

    private static ApiException notFound(String id) {
        return new ApiException(ErrorCode.RESPONSE_NOT_FOUND, "Response with id '" + id + "' not found: it was never made here, is not yours, was not to be "
                + "stored, or is no longer kept.", "id");
    }
}
