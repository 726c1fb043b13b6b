package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.receipt.CanonicalChoices;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.TokenDigest;
import dev.candor.inference.engine.GenerationResult;
import java.util.List;

/** Computes what a receipt says of an answer, out of the bytes that the client gets. */
final class OutputDigests {
    private static final String IMPOSSIBLE = "the node's own answers have a canonical form";

    /** @param body without the member {@code candor} */
    OutputBinding ofBody(GenerationResult result, ObjectNode body) {
        try {
            return binding(result, CanonicalChoices.ofBody(body), CanonicalJson.digest(body), "json");
        } catch (ReceiptVerificationException | InvalidJsonException e) {
            throw new IllegalStateException(IMPOSSIBLE, e);
        }
    }

    /** @param stream all bytes before the receipt's */
    OutputBinding ofStream(GenerationResult result, byte[] stream) {
        try {
            return binding(result, CanonicalChoices.ofStream(stream), Digest.sha256(stream), "sse");
        } catch (ReceiptVerificationException e) {
            throw new IllegalStateException(IMPOSSIBLE, e);
        }
    }

    private static OutputBinding binding(GenerationResult result, CanonicalChoices choices, Digest body, String format)
            throws ReceiptVerificationException {
        return new OutputBinding(List.of(TokenDigest.of(result.tokens())), choices.digest(), body, format);
    }
}
