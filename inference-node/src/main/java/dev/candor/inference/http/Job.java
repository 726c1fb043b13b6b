package dev.candor.inference.http;

import dev.candor.inference.engine.GenerationRequest;
import java.util.List;

/**
 * One request for generated tokens with everything that decides them.
 *
 * @param order        what payment and receipt need
 * @param sequences    to be generated; several where the request asks for several answers
 * @param promptTokens tokens of all prompts, each counted once however many answers it has
 */
record Job(Order order, ChatModel model, List<GenerationRequest> sequences, int promptTokens) {
    Job {
        sequences = List.copyOf(sequences);
    }

    Job paidBy(Passage.Paid reserved) {
        List<GenerationRequest> paid = sequences.stream().map(each -> each.on(ServiceRules.paidBy(reserved, each.terms()))).toList();
        return new Job(order.paidBy(reserved), model, paid, promptTokens);
    }

    /** Places in the queue; also a request that only reads its prompts takes one. */
    int places() {
        return Math.max(1, sequences.size());
    }

    /** Tokens that can be generated. */
    int mostTokens() {
        return sequences.stream().mapToInt(GenerationRequest::maxTokens).sum();
    }
}
