package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A text in the tokens of a model, as the node says; nothing is run, paid or verified.
 *
 * @param ids           in their order
 * @param contextLength tokens that the model takes in all
 */
public record TokenList(List<Integer> ids, int contextLength) {
    /** Copies the ids. */
    public TokenList {
        ids = List.copyOf(ids);
    }

    /** Reads an answer of {@code /tokenize}. @throws dev.candor.client.error.AnswerFormatException if it is none */
    public static TokenList of(JsonNode json) {
        List<Integer> ids = AnswerJson.list(json, "tokens", token -> {
            if (!token.canConvertToInt() || !token.isIntegralNumber()) {
                throw AnswerJson.missing("tokens", "a list of token ids", token);
            }
            return token.intValue();
        });
        return new TokenList(ids, AnswerJson.count(json, "max_model_len"));
    }
}
