package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How many answers a request asks for.
 *
 * @param prompts to be continued
 * @param choices to be answered, for all prompts together
 * @param drawn   of which the choices are the best, for all prompts together; not fewer than {@code choices}
 */
record Candidates(long prompts, long choices, long drawn) {

    /** @param body of a request that generates tokens */
    static Candidates of(Operation operation, JsonNode body) {
        return switch (operation) {
            case CHAT -> new Candidates(1, count(body, "n"), count(body, "n"));
            case COMPLETION -> {
                long prompts = prompts(body.path("prompt"));
                yield new Candidates(prompts, prompts * count(body, "n"), prompts * Math.max(count(body, "n"), count(body, "best_of")));
            }
            case RESPONSE -> new Candidates(1, 1, 1);
            case DATA, RERANK, TENSORS -> new Candidates(0, 0, 0);
        };
    }

    private static int count(JsonNode body, String member) {
        return body.path(member).asInt(1);
    }

    /** A prompt is a text or a list of token ids; several of them make a list. */
    private static long prompts(JsonNode prompt) {
        boolean several = prompt.isArray() && (prompt.path(0).isTextual() || prompt.path(0).isArray());
        return several ? prompt.size() : 1;
    }

    /**
     * Whether that many tokens can have been generated.
     *
     * @param delivered the tokens of the choices
     * @param maxTokens of one candidate
     */
    boolean allow(long generated, long delivered, int maxTokens) {
        if (drawn == choices) {
            return generated == delivered;
        }
        boolean withinLimit = maxTokens == 0 ? generated == 0 : Math.ceilDiv(generated, maxTokens) <= drawn;
        return generated >= delivered && withinLimit;
    }
}
