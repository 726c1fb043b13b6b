package dev.candor.settlement.x402;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A signed payment, sent base64-encoded in the header {@code PAYMENT-SIGNATURE} (x402 v2).
 *
 * @param payload  scheme-specific: the authorization and its signature
 * @param accepted the offer the payer chose, as it was given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentPayload(
        int x402Version, JsonNode payload, ResourceInfo resource, PaymentRequirements accepted, JsonNode extensions) {}
