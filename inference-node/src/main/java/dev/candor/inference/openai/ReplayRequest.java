package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;

/**
 * A request to compute an answer again.
 *
 * @param model        the name of the model whose answer it is, as sent
 * @param bundle       the saved receipt ({@code docs/receipt.md}, section 10)
 * @param verification of the verdict itself: none or tee
 */
public record ReplayRequest(String model, ObjectNode bundle, Verification verification) {
    /** Reads the body of {@code POST /v1/replay}. @throws ApiException naming the member at fault */
    public static ReplayRequest parse(byte[] body, Json json) throws ApiException {
        Fields fields = new Fields(json.object(body), "");
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        if (!(fields.get("bundle").orElseThrow(() -> fields.missing("bundle")) instanceof ObjectNode bundle)) {
            throw fields.wrongType("bundle", "the object that a client saved as ID.candor.json", fields.get("bundle").get());
        }
        String word = fields.text("verification").orElse(Verification.TEE.wire());
        if (word.equals(Verification.TEE.wire())) {
            return new ReplayRequest(model, bundle, Verification.TEE);
        }
        if (word.equals(Verification.NONE.wire())) {
            return new ReplayRequest(model, bundle, Verification.NONE);
        }
        throw fields.invalid("verification", "must be 'none' or 'tee' for a replay, got '" + word + "'");
    }
}
