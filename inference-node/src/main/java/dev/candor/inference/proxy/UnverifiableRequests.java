package dev.candor.inference.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;

/** Tells requests for answers without a receipt, which the proxy would pay for and then have to withhold. */
final class UnverifiableRequests {
    private static final String MEMBER = "verification";

    private UnverifiableRequests() {}

    /** @throws ApiException if {@code body} asks for no receipt; what is no JSON is left to the node, which says what is wrong with it and asks for no payment */
    static void refuse(byte[] body) throws ApiException {
        JsonNode request;
        try {
            request = StrictJson.parse(body);
        } catch (InvalidJsonException e) {
            return;
        }
        if (Verification.NONE.wire().equals(request.path(MEMBER).textValue())) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "The proxy passes on only what it can verify, and 'verification' 'none' asks for an answer without a receipt: leave it out, or ask the"
                            + " node itself. Nothing was sent or paid.",
                    MEMBER);
        }
    }
}
