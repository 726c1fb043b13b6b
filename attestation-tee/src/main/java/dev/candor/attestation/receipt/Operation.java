package dev.candor.attestation.receipt;

import java.util.regex.Pattern;

/** What a request's path asks for, as far as the rules of a receipt differ. */
enum Operation {
    /** Tokens were generated. */
    GENERATION("choices"),
    /** Texts became vectors or labels, an answer a verdict. */
    DATA("data"),
    /** Documents were put in order. */
    RERANK("results"),
    /** Tensors went in and came out. */
    TENSORS("outputs");

    private static final Pattern INFER = Pattern.compile("/v2/models/.+/infer");

    private final String answer;

    Operation(String answer) {
        this.answer = answer;
    }

    /** @param path the HTTP path that the request went to */
    static Operation of(String path) {
        return switch (path) {
            case "/v1/embeddings", "/v1/classify", "/v1/replay" -> DATA;
            case "/v1/rerank" -> RERANK;
            default -> INFER.matcher(path).matches() ? TENSORS : GENERATION;
        };
    }

    /** The member of an answer that holds its output. */
    String answer() {
        return answer;
    }
}
