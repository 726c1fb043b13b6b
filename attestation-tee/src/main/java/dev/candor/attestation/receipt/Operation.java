package dev.candor.attestation.receipt;

import java.util.List;
import java.util.regex.Pattern;

/** What a request's path asks for, as far as the rules of a receipt differ. */
enum Operation {
    /** A chat was continued by a message for each choice. */
    CHAT("choices", List.of("max_tokens", "max_completion_tokens")),
    /** Prompts were continued by a text for each choice. */
    COMPLETION("choices", List.of("max_tokens")),
    /** A response was made of items. */
    RESPONSE("output", List.of("max_output_tokens")),
    /** Texts became vectors or labels, an answer a verdict. */
    DATA("data", List.of()),
    /** Documents were put in order. */
    RERANK("results", List.of()),
    /** Tensors went in and came out. */
    TENSORS("outputs", List.of());

    private static final Pattern INFER = Pattern.compile("/v2/models/.+/infer");

    private final String answer;
    private final List<String> limits;

    Operation(String answer, List<String> limits) {
        this.answer = answer;
        this.limits = limits;
    }

    /** @param path the HTTP path that the request went to */
    static Operation of(String path) {
        return switch (path) {
            case "/v1/completions" -> COMPLETION;
            case "/v1/responses" -> RESPONSE;
            case "/v1/embeddings", "/v1/classify", "/v1/replay" -> DATA;
            case "/v1/rerank" -> RERANK;
            default -> INFER.matcher(path).matches() ? TENSORS : CHAT;
        };
    }

    /** The member of an answer that holds its output. */
    String answer() {
        return answer;
    }

    /** The members of a request that limit the tokens of a choice; none where no tokens are generated. */
    List<String> limits() {
        return limits;
    }
}
