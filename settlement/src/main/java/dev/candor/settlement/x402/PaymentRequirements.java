package dev.candor.settlement.x402;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * One way to pay (x402 v2, section PaymentRequirements).
 *
 * @param network           CAIP-2, for example {@code eip155:31337}
 * @param amount            the cap in atomic units of {@code asset}, decimal
 * @param asset             token contract, EIP-55
 * @param payTo             payee, EIP-55
 * @param maxTimeoutSeconds how long a signed payment stays good
 * @param extra             scheme-specific members
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentRequirements(
        String scheme, String network, String amount, String asset, String payTo, long maxTimeoutSeconds, JsonNode extra) {}
