package dev.candor.settlement.x402;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** The terms of a 402 answer, sent base64-encoded in the header {@code PAYMENT-REQUIRED} (x402 v2). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PaymentRequired(int x402Version, String error, ResourceInfo resource, List<PaymentRequirements> accepts) {}
