package dev.candor.inference.http;

import dev.candor.inference.openai.CompletionRequest;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.TextCompletion;
import dev.candor.settlement.x402.X402Codec;

/** Makes the answer that a request for completions asks for. */
record CompletionAnswers(Json json, X402Codec codec, long maxBacklog) {
    /** @param onGone called when the client has gone, or reads too slowly */
    GenerationAnswer make(
            Exchange exchange, Order order, CompletionRequest request, EchoedPrompts prompts, TextCompletion completion, Runnable onGone) {
        ReceiptFields fields = new ReceiptFields(order, codec);
        if (!request.streaming().stream()) {
            return new WholeCompletion(exchange, order.path(), prompts, completion, fields, json);
        }
        boolean receiptAsEvent = exchange.header("Candor-Receipt").filter("event"::equalsIgnoreCase).isPresent();
        AnswerStream stream =
                new AnswerStream(new Sse(exchange, maxBacklog, onGone), fields, new IgnoredMembers(request.ignored()), json, receiptAsEvent);
        return new StreamedCompletion(stream, order.path(), prompts, completion);
    }
}
