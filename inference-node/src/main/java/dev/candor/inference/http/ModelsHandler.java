package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.facilitator.Facilitator;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import dev.candor.settlement.x402.PaymentRequirements;
import java.math.BigInteger;
import java.util.Optional;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelsHandler {
    private static final String SYMBOL = "OPG";
    private static final int DECIMALS = 18;

    private final Models models;
    private final PriceBook prices;
    private final Facilitator facilitator;
    private final Json json;

    ModelsHandler(Models models, PriceBook prices, Facilitator facilitator, Json json) {
        this.models = models;
        this.prices = prices;
        this.facilitator = facilitator;
        this.json = json;
    }

    void list(Exchange exchange) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = body.putArray("data");
        models.all().forEach(model -> data.add(view(model)));
        exchange.send(Reply.json(200, body, json));
    }

    /** The id has a slash, so it is the rest of the path. */
    void one(Exchange exchange) throws ApiException {
        exchange.send(Reply.json(200, view(models.find(exchange.pathParameter("*"))), json));
    }

    private ObjectNode view(LoadedModel model) {
        String name = model.binding().name();
        ObjectNode view = JsonNodeFactory.instance.objectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", model.created().getEpochSecond())
                .put("owned_by", name.contains("/") ? name.substring(0, name.indexOf('/')) : "candor")
                .put("context_length", model.engine().info().contextLength());
        ObjectNode own = view.putObject("candor");
        own.put("digest", model.binding().digest().hex()).put("form", model.engine().info().precision()).put("task", model.task()).put("route", model.route());
        ArrayNode modes = own.putArray("verification");
        for (Verification mode : Verification.values()) {
            if (mode != Verification.REPLAY || model.replayable()) {
                modes.add(mode.wire());
            }
        }
        Optional<Price> price = prices.current(name);
        if (price.isEmpty()) {
            own.putNull("price");
            return view;
        }
        PaymentRequirements terms = facilitator.offer(BigInteger.ONE);
        own.putObject("price")
                .put("input", price.get().input().toString())
                .put("output", price.get().output().toString())
                .put("asset", terms.asset())
                .put("symbol", SYMBOL)
                .put("decimals", DECIMALS)
                .put("network", terms.network());
        return view;
    }
}
