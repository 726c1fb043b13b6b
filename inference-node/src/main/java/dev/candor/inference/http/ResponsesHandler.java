package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ItemPage;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.inference.openai.responses.StoredResponse;

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
        if (exchange.query("stream").filter("true"::equals).isPresent()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "'stream' is not supported here: the events of a response are told once, while it is made."
                    + " Ask for it without 'stream'.", "stream");
        }
        Reply reply = Reply.of(Reply.JSON, stored.response()).with("cache-control", "private, no-store");
        exchange.send(stored.receiptId().map(id -> reply.with("Candor-Receipt-Id", id)).orElse(reply));
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
