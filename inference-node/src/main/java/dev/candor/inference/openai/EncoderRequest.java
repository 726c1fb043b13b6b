package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Verification;
import java.util.OptionalInt;

/**
 * What requests to encoder models have in common.
 *
 * @param body     as sent
 * @param truncate tokens after which inputs are cut; absent where one that is too long is an error
 */
public record EncoderRequest(ObjectNode body, String model, OptionalInt truncate, Verification verification) {
    /** Cut where the model's own limit is. */
    public static final int TO_THE_LIMIT = -1;
}
