package dev.candor.inference.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.client.verify.ReceiptBundle;

/** The canonical output of a saved answer, streamed or not. */
final class SavedAnswer {
    private SavedAnswer() {}

    /** @throws NotReplayableException if it cannot be read */
    static ArrayNode output(ReceiptBundle.Exchange exchange) throws NotReplayableException {
        try {
            ResponseBytes answer = exchange.format().equals(OutputBinding.SSE)
                    ? ResponseBytes.ofStream(exchange.response()) : ResponseBytes.ofBody(exchange.response());
            return answer.content().json();
        } catch (ReceiptVerificationException e) {
            throw new NotReplayableException("the answer cannot be read: " + e.getMessage());
        }
    }
}
