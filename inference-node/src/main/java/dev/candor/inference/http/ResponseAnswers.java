package dev.candor.inference.http;

import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ResponseDraft;
import dev.candor.inference.openai.responses.ResponseEvents;
import dev.candor.settlement.x402.X402Codec;

/** Makes the answer that a request for a response asks for. */
record ResponseAnswers(Json json, X402Codec codec, long maxBacklog) {
    /** @param onGone called when the client has gone, or reads too slowly */
    GenerationAnswer make(Exchange exchange, Order order, ChatPlan plan, ResponseLook look, ResponseKeeping keeping, Runnable onGone) {
        ReceiptFields fields = new ReceiptFields(order, codec);
        boolean stream = plan.request().streaming().stream();
        Sse sse = new Sse(exchange, maxBacklog, onGone);
        ResponseEvents events = stream ? new ResponseEvents((type, event) -> sse.event(type, json.bytes(event))) : ResponseEvents.none();
        ResponseDraft draft = new ResponseDraft(look.body(), plan.parser(look.body().id(), 0), events);
        if (!stream) {
            return new WholeResponse(exchange, look, draft, keeping, fields, json);
        }
        boolean receiptAsEvent = exchange.header("Candor-Receipt").filter("event"::equalsIgnoreCase).isPresent();
        return new StreamedResponse(sse, look, events, draft, keeping, fields, json, receiptAsEvent);
    }
}
