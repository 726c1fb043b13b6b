package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.TokenDigest;
import dev.candor.inference.engine.GenerationResult;
import java.util.List;

/** Computes what a receipt says of an answer. */
final class OutputDigests {
    /** @param body without the member {@code candor} */
    OutputBinding ofBody(GenerationResult result, ObjectNode body) {
        return binding(result, result.text(), digest(body), "json");
    }

    /**
     * @param streamed the text of all chunks together
     * @param bytes    digest of all bytes before the receipt's
     */
    OutputBinding ofStream(GenerationResult result, String streamed, Digest bytes) {
        return binding(result, streamed, bytes, "sse");
    }

    private static OutputBinding binding(GenerationResult result, String text, Digest body, String format) {
        ArrayNode choices = JsonNodeFactory.instance.arrayNode();
        ObjectNode choice = choices.addObject().put("index", 0).put("finish_reason", result.finishReason().wire());
        choice.putObject("message").put("role", "assistant").put("content", text);
        return new OutputBinding(List.of(TokenDigest.of(result.tokens())), digest(choices), body, format);
    }

    private static Digest digest(JsonNode node) {
        try {
            return CanonicalJson.digest(node);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("the node's own answers have a canonical form", e);
        }
    }
}
