package dev.candor.inference.http;

import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.x402.X402Codec;

/** Makes the answer that a request asks for. */
record ChatAnswers(Json json, X402Codec codec, long maxBacklog) {
    /** @param onGone called when the client has gone, or reads too slowly */
    GenerationAnswer make(Exchange exchange, Order order, ChatRequest request, Completion completion, Runnable onGone) {
        ReceiptFields fields = new ReceiptFields(order, codec);
        if (!request.streaming().stream()) {
            return new WholeAnswer(exchange, order.path(), completion, fields, json);
        }
        boolean receiptAsEvent = exchange.header("Candor-Receipt").filter("event"::equalsIgnoreCase).isPresent();
        return new StreamedAnswer(new Sse(exchange, maxBacklog, onGone), completion, request.streaming().includeUsage(), fields, json, receiptAsEvent);
    }
}
