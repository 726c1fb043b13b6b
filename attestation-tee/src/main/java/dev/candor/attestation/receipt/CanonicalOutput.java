package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import java.util.List;

/**
 * What was answered, in the one form that a receipt's digest is over: {@link CanonicalChoices} where choices were generated, otherwise the array
 * that the answer's body holds, as it is: {@code output} of responses, {@code data} of embeddings and classifications, {@code results} of rerankings.
 *
 * @param json          that array
 * @param finishReasons one for each choice; none where no tokens were generated
 */
public record CanonicalOutput(ArrayNode json, List<String> finishReasons) {
    private static CanonicalOutput of(CanonicalChoices choices) {
        return new CanonicalOutput(choices.json(), choices.finishReasons());
    }

    /** Of an answer whose bytes are bound as they are. */
    static CanonicalOutput none() {
        return new CanonicalOutput(JsonNodeFactory.instance.arrayNode(), List.of());
    }

    /**
     * The output of an unstreamed answer.
     *
     * @param path where the request went
     * @throws ReceiptVerificationException if {@code body} has no such array
     */
    public static CanonicalOutput ofBody(String path, JsonNode body) throws ReceiptVerificationException {
        Operation operation = Operation.of(path);
        return switch (operation) {
            case CHAT, COMPLETION -> of(CanonicalChoices.ofBody(operation, body));
            case RESPONSE -> ResponseOutput.ofBody(body);
            case DATA, RERANK, TENSORS -> new CanonicalOutput(array(body, operation.answer()), List.of());
        };
    }

    private static ArrayNode array(JsonNode body, String member) throws ReceiptVerificationException {
        if (body.get(member) instanceof ArrayNode array) {
            return array;
        }
        throw new ReceiptVerificationException("the answer has no array " + member);
    }

    /**
     * The output of a streamed answer.
     *
     * @param path   where the request went
     * @param stream the stream's bytes before the receipt
     * @throws ReceiptVerificationException if it is no whole stream of {@code path}, or carries an error
     */
    public static CanonicalOutput ofStream(String path, byte[] stream) throws ReceiptVerificationException {
        Operation operation = Operation.of(path);
        return switch (operation) {
            case CHAT, COMPLETION -> of(CanonicalChoices.ofStream(operation, stream));
            case RESPONSE -> ResponseOutput.ofStream(stream);
            case DATA, RERANK, TENSORS -> throw new ReceiptVerificationException("answers of " + path + " are not streamed");
        };
    }

    /** The SHA-256 of the canonical JSON. */
    public Digest digest() throws ReceiptVerificationException {
        try {
            return CanonicalJson.digest(json);
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the answer has no canonical form: " + e.getMessage(), e);
        }
    }
}
