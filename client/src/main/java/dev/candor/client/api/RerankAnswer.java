package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Documents in the order of how well they answer a query.
 *
 * @param results the best first
 */
public record RerankAnswer(String model, List<Ranked> results, Usage usage, Optional<AnswerReceipt> proof) implements VerifiedAnswer {
    /**
     * One document.
     *
     * @param index of it in the request
     * @param score from 0 to 1
     */
    public record Ranked(int index, double score) {}

    /** Copies the results. */
    public RerankAnswer {
        results = List.copyOf(results);
    }

    /** Reads ranked documents. @throws dev.candor.client.error.AnswerFormatException if they are none */
    public static RerankAnswer of(JsonNode json, Optional<AnswerReceipt> proof) {
        List<Ranked> results = AnswerJson.list(json, "results", each ->
                new Ranked(AnswerJson.count(each, "index"), AnswerJson.number(each, "relevance_score")));
        return new RerankAnswer(AnswerJson.text(json, "model"), results, Usage.of(json.path("usage")), proof);
    }

    /** The model, how many results there are, and the receipt's id. */
    @Override
    public String toString() {
        return "RerankAnswer[" + model + ", results: " + results.size() + ", receipt " + ShortText.receipt(proof) + "]";
    }
}
