package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A model that a node serves, as it says itself; nothing of it is verified before an answer is.
 *
 * @param id            {@code publisher/name@version}
 * @param contextLength tokens of prompt and answer together
 * @param task          {@code chat}, {@code embedding} and so on
 * @param modes         the proofs that it can be asked for
 * @param digest        SHA-256 of its manifest
 * @param price         absent where it is free
 */
public record ModelInfo(String id, int contextLength, String task, List<InferenceMode> modes, String digest, Optional<Price> price) {
    /**
     * What a model costs.
     *
     * @param input   atomic units for each token of the prompt
     * @param output  atomic units for each token of the answer
     * @param symbol  of the token that is paid in
     * @param network CAIP-2, for example {@code eip155:8453}
     */
    public record Price(BigInteger input, BigInteger output, String symbol, String network) {}

    /** Copies the modes. */
    public ModelInfo {
        modes = List.copyOf(modes);
    }

    /** Reads an entry of {@code /v1/models}. @throws dev.candor.client.error.AnswerFormatException if it is none */
    public static ModelInfo of(JsonNode json) {
        JsonNode own = json.path("candor");
        return new ModelInfo(
                AnswerJson.text(json, "id"),
                AnswerJson.count(json, "context_length"),
                AnswerJson.optional(own, "task").orElse("chat"),
                AnswerJson.list(own, "verification", JsonNode::asText).stream().flatMap(word -> mode(word).stream()).toList(),
                AnswerJson.optional(own, "digest").orElse(""),
                own.path("price").isObject() ? Optional.of(price(own.path("price"))) : Optional.empty());
    }

    /** Reads {@code /v1/models}. @throws dev.candor.client.error.AnswerFormatException if it is none */
    public static List<ModelInfo> listOf(JsonNode json) {
        return AnswerJson.list(json, "data", ModelInfo::of);
    }

    private static Optional<InferenceMode> mode(String word) {
        for (InferenceMode mode : InferenceMode.values()) {
            if (mode.wire().equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    private static Price price(JsonNode json) {
        return new Price(units(json, "input"), units(json, "output"), AnswerJson.text(json, "symbol"), AnswerJson.text(json, "network"));
    }

    private static BigInteger units(JsonNode json, String name) {
        String text = AnswerJson.text(json, name);
        if (!text.matches("\\d{1,78}")) {
            throw AnswerJson.missing(name, "a whole number of atomic units", json.path(name));
        }
        return new BigInteger(text);
    }
}
