package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.GenerationRequest;

/** What a request must keep to, so that nothing later can fail on it. */
final class RequestCheck {
    private final int contextLength;
    private final int vocabulary;

    RequestCheck(int contextLength, int vocabulary) {
        this.contextLength = contextLength;
        this.vocabulary = vocabulary;
    }

    /** @throws IllegalArgumentException saying what is wrong */
    void check(GenerationRequest request) {
        int[] prompt = request.promptTokens();
        require(prompt.length > 0, "the prompt is empty");
        require(
                prompt.length < contextLength,
                "the prompt has " + prompt.length + " tokens; the context of " + contextLength + " must hold it and at least one more");
        for (int token : prompt) {
            require(token >= 0 && token < vocabulary, "the prompt has token " + token + ", outside the model's vocabulary of " + vocabulary);
        }
        require(request.maxTokens() >= 1, "max_tokens must be at least 1");
        require(request.minTokens() >= 0, "min_tokens must not be negative");
        require(request.stopStrings().stream().noneMatch(String::isEmpty), "a stop string must not be empty");
        request.sampling().validate();
        int alternatives = request.logprobs().orElse(0);
        require(alternatives >= 0 && alternatives <= GenerationRequest.MOST_LOGPROBS,
                "logprobs must be between 0 and " + GenerationRequest.MOST_LOGPROBS + ", and is " + alternatives);
    }

    /** @throws IllegalArgumentException saying what is wrong */
    void checkTranscript(int[] tokens, int firstRow) {
        require(tokens.length >= 2 && tokens.length <= contextLength,
                "the transcript has " + tokens.length + " tokens; this model's context holds 2 to " + contextLength);
        require(firstRow >= 0 && firstRow < tokens.length - 1, "the transcript has no answer");
        for (int token : tokens) {
            require(token >= 0 && token < vocabulary, "the transcript has a token outside the vocabulary: " + token);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
