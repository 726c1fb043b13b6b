package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import java.util.List;

/**
 * What was answered, in the one form that a receipt's digest is over: {@link CanonicalChoices} where tokens were generated, otherwise the array
 * that the answer's body holds, as it is: {@code data} of embeddings and classifications, {@code results} of rerankings.
 *
 * @param json          that array
 * @param finishReasons one for each choice; none where no tokens were generated
 * @param generated     whether tokens were generated
 */
public record CanonicalOutput(ArrayNode json, List<String> finishReasons, boolean generated) {
    static CanonicalOutput of(CanonicalChoices choices) {
        return new CanonicalOutput(choices.json(), choices.finishReasons(), true);
    }

    /** Of an answer whose bytes are bound as they are. */
    static CanonicalOutput none() {
        return new CanonicalOutput(JsonNodeFactory.instance.arrayNode(), List.of(), false);
    }

    /**
     * The output of an unstreamed answer.
     *
     * @param path where the request went
     * @throws ReceiptVerificationException if {@code body} has no such array
     */
    public static CanonicalOutput ofBody(String path, JsonNode body) throws ReceiptVerificationException {
        Operation operation = Operation.of(path);
        if (operation == Operation.GENERATION) {
            return of(CanonicalChoices.ofBody(body));
        }
        if (body.get(operation.answer()) instanceof ArrayNode output) {
            return new CanonicalOutput(output, List.of(), false);
        }
        throw new ReceiptVerificationException("the answer has no array " + operation.answer());
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
