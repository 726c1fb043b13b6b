package dev.candor.inference.http;

import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.x402.X402Codec;

/** Makes the answer that a chat request asks for. */
record ChatAnswers(Json json, X402Codec codec, long maxBacklog) {
    /** @param onGone called when the client has gone, or reads too slowly */
    GenerationAnswer make(Exchange exchange, Order order, ChatPlan plan, ChatLook look, Runnable onGone) {
        ReceiptFields fields = new ReceiptFields(order, codec);
        ChatChoices choices = ChatChoices.of(plan, look.completion().id());
        if (!plan.request().streaming().stream()) {
            return new WholeAnswer(exchange, look, choices, fields, json);
        }
        boolean receiptAsEvent = exchange.header("Candor-Receipt").filter("event"::equalsIgnoreCase).isPresent();
        AnswerStream stream = new AnswerStream(new Sse(exchange, maxBacklog, onGone), fields, look.ignored(), json, receiptAsEvent);
        return new StreamedAnswer(stream, order.path(), look, choices);
    }
}
