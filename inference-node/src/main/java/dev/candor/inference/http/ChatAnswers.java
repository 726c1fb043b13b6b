package dev.candor.inference.http;

import dev.candor.inference.openai.Json;
import dev.candor.settlement.x402.X402Codec;

/** Makes the answer that a request asks for. */
record ChatAnswers(Json json, X402Codec codec, long maxBacklog) {
    /** @param onGone called when the client has gone, or reads too slowly */
    ChatAnswer make(Exchange exchange, Job job, Runnable onGone) {
        ReceiptFields fields = new ReceiptFields(job.order(), codec);
        if (!job.request().stream()) {
            return new WholeAnswer(exchange, job, fields, json);
        }
        boolean receiptAsEvent = exchange.header("Candor-Receipt").filter("event"::equalsIgnoreCase).isPresent();
        return new StreamedAnswer(new Sse(exchange, maxBacklog, onGone), job, fields, json, receiptAsEvent);
    }
}
