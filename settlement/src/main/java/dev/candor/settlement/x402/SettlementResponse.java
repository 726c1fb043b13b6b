package dev.candor.settlement.x402;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The outcome of a settlement, sent base64-encoded in the header {@code PAYMENT-RESPONSE} (x402 v2). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SettlementResponse(
        boolean success, String errorReason, String errorMessage, String payer, String transaction, String network, String amount) {}
