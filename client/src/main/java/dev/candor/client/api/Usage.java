package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Tokens read and written.
 *
 * @param cachedTokens those of the prompt that did not have to be computed
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {
    static Usage of(JsonNode json) {
        return new Usage(
                AnswerJson.count(json, "prompt_tokens"),
                AnswerJson.count(json, "completion_tokens"),
                AnswerJson.count(json.path("prompt_tokens_details"), "cached_tokens"));
    }

    /** Both together. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
